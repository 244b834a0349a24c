import type { Properties, ResourceGraph } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";

/** What a stack gives to those that refer to it. */
export type StackOutputs = Pick<ResourceGraph, "outputs" | "secretOutputs">;

/** What the outputs of a stack are asked for by: `project/stack`. */
export function stackNameOf({ project, stack }: Pick<ResourceGraph, "project" | "stack">): string {
  return `${project}/${stack}`;
}

export const stackReferenceType = "pulumi:pulumi:StackReference";

/**
 * What a program reads of another stack.
 * @param name like `organization/project/stack`; the organization may be any
 * @param readStack the outputs of `project/stack`, once it has them
 * @throws {OperatorError} for a name of another form, or a stack that is not served
 */
export async function readStackReference(
  name: string,
  readStack: (name: string) => Promise<StackOutputs>,
): Promise<{ readonly properties: Properties; readonly secretPaths: readonly string[] }> {
  const [, project, stack, ...more] = name.split("/");
  if (project === undefined || stack === undefined || more.length > 0)
    throw new OperatorError(`stack reference "${name}": must be <organization>/<project>/<stack>`);
  const { outputs, secretOutputs = [] } = await readStack(`${project}/${stack}`);
  const secretPaths = secretOutputs.length > 0 ? ["outputs"] : [];
  return { properties: { name, outputs, secretOutputNames: secretOutputs }, secretPaths };
}

/** The function with which a program reads all that the state of a stack holds. */
export const stackStateToken = "pulumi:pulumi:readStackResourceOutputs";

/** What that function answers of a stack as it was when it was deployed last: nothing before. */
export function stackState(former: Pick<ResourceGraph, "resources"> | undefined): Properties {
  const owned = (former?.resources ?? []).filter(({ read }) => !read);
  return {
    outputs: Object.fromEntries(owned.map(({ urn, type, outputs }) => [urn, { type, outputs }])),
  };
}
