import * as pulumi from "@pulumi/pulumi";

/** A resource that the stack had before this run. */
export interface FormerResource {
  /** Like `aws:apigatewayv2/route:Route`. */
  readonly type: string;
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface StateEntry {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * What the stack's own state holds when this run begins; empty before the first `up`. The state tells more than the
 * stack's outputs: Pulumi sets the outputs before it deletes what left the program, and that deletion may fail.
 */
export async function formerResources(): Promise<readonly FormerResource[]> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  try {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
    return Object.entries<StateEntry>(outputs).map(([urn, entry]) => ({
      type: entry.type,
      name: urn.split("::").slice(3).join("::"),
      outputs: entry.outputs,
    }));
  } catch (error) {
    pulumi.log.warn(
      `the stack's own state could not be read: ${(error as Error).message}. If a route has left the program since ` +
        `the last update, it is served until: npx pulumi up --replace '**Deployment::websocket'`,
    );
    return [];
  }
}
