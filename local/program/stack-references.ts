import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import type { CreatedResource } from "../resources/resource-types.ts";

export const stackReferenceType = "pulumi:pulumi:StackReference";

/**
 * What a program reads of another stack.
 * @param name like `organization/project/stack`; the organization may be any
 * @param stackOutputs by `project/stack`
 * @throws {OperatorError} for a stack that is not served
 */
export function readStackReference(
  name: string,
  stackOutputs: Readonly<Record<string, Properties>>,
): CreatedResource {
  const [, project, stack, ...more] = name.split("/");
  if (project === undefined || stack === undefined || more.length > 0)
    throw new OperatorError(`stack reference "${name}": must be <organization>/<project>/<stack>`);
  const outputs = stackOutputs[`${project}/${stack}`];
  if (outputs) return { id: name, outputs: { name, outputs, secretOutputNames: [] } };
  const served = Object.keys(stackOutputs);
  throw new OperatorError(
    served.length > 0
      ? `stack reference "${name}": local mode serves ${served.join(", ")} before this program, and no such stack`
      : `stack reference "${name}": no other stack is served here. Start that stack's program, and this one beside it with --with <folder>`,
  );
}
