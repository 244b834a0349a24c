import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { signingKeys } from "../token-factory.ts";
import { type BuiltAuthorizer, type Environment, loadAuthorizer } from "./built-authorizer.ts";
import { withToken } from "./connect-request.ts";
import { KeyEndpoint, serve } from "./key-endpoint.ts";

/** What the attacker does, and either the token, sent as wscat sends it, or the whole event. */
export type Attack = readonly [name: string, make: () => unknown];

/** The attacks that are refused for one reason. */
export type Attacks = Readonly<Record<string, readonly Attack[]>>;

/**
 * Tests that each attack gets that status, for that reason, and neither a policy nor, where nothing is verified, a name
 * in the log.
 */
export function refuses(
  what: string,
  status: 401 | 403 | 500,
  attacks: Attacks,
  environment: Environment = {},
): void {
  describe(what, () => {
    const endpoint = new KeyEndpoint();
    let authorizer: BuiltAuthorizer;
    before(async () => {
      await endpoint.start();
      endpoint.answer = serve(signingKeys.id, signingKeys.access);
      authorizer = loadAuthorizer(environment, endpoint);
    });
    after(() => endpoint.close());

    for (const [reason, list] of Object.entries(attacks))
      for (const [name, make] of list)
        it(`refuses ${name}: ${status} ${reason}`, async () => {
          const attack = make();
          const verdict = await authorizer.decide(typeof attack === "string" ? withToken(attack) : attack);
          assert.deepEqual([verdict.status, verdict.reason], [status, reason]);
          assert.equal(verdict.policy === undefined, status !== 403);
          assert.equal("sub" in JSON.parse(verdict.logLine), status === 403);
        });
  });
}
