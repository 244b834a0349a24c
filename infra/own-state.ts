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

/**
 * Checks that the stack stays where it is: in another region it would be replaced as a whole, and Route 53 refuses a
 * second record for the domain.
 * @throws {pulumi.RunError} naming both regions and the way to move
 */
export function requireSameRegion(former: readonly FormerResource[], region: string): void {
  const api = former.find(({ type }) => type === "aws:apigatewayv2/api:Api");
  const [, , , formerRegion = region] = String(api?.outputs.executionArn ?? "").split(":");
  if (formerRegion === region) return;
  throw new pulumi.RunError(
    `aws:region is "${region}", but this stack is in ${formerRegion}: make a new stack for ${region}, and destroy this one when clients have moved; to keep it, npx pulumi config set aws:region ${formerRegion}`,
  );
}
