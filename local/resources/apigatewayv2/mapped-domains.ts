import type { Properties, RecordedResource } from "../../graph/resource-graph.ts";

const apiMapping = "aws:apigatewayv2/apiMapping:ApiMapping";

/** What AWS answers to the deletion of what domains still lead to; undefined where none does. */
export function mappedDomains(
  others: readonly RecordedResource[],
  isMapped: (inputs: Properties) => boolean,
  failure: string,
  what: string,
): string | undefined {
  const domains = others
    .filter(({ type, inputs }) => type === apiMapping && isMapped(inputs))
    .map(({ inputs }) => inputs.domainName);
  return domains.length > 0
    ? `BadRequestException: ${failure} failed. Please remove all base path mappings related to the ${what} in your domains: ${domains.join(", ")}`
    : undefined;
}
