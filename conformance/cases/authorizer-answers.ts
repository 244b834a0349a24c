import assert from "node:assert/strict";
import { factWith, type Source } from "../conformance-case.ts";
import type { TargetWith } from "../target.ts";
import { upgrade } from "../upgrade.ts";

const probe = factWith("probeUrls");

/** What clients get for each answer of the probe's authorizer. */
const statuses: readonly [what: string, decision: string, status: number, source: Source][] = [
  ["allows the connection", "allow", 101, "documented"],
  ["allows every resource", "allow-all", 101, "documented"],
  ["allows every route of the stage", "allow-pattern", 101, "documented"],
  ["allows a list of resources with the connection among them", "allow-list", 101, "documented"],
  ["allows every action on the connection", "allow-any-action", 101, "documented"],
  ["denies the connection", "deny", 403, "documented"],
  ["allows the connection and denies everything", "allow-and-deny", 403, "documented"],
  ["allows another stage", "other-stage", 403, "observed"],
  ["allows another route", "other-route", 403, "observed"],
  ["allows another action", "other-action", 403, "documented"],
  ["throws Unauthorized", "unauthorized", 401, "documented"],
  ["throws Unauthorized with more behind it", "unauthorized-with-more", 500, "documented"],
  ["throws unauthorized in lower case", "unauthorized-in-lower-case", 500, "documented"],
  ["throws Forbidden", "forbidden", 500, "documented"],
  ["throws another error", "error", 500, "documented"],
  ["times out", "slow", 500, "documented"],
  ["answers nothing", "nothing", 500, "documented"],
  ["answers a text", "text", 500, "documented"],
  ["answers an empty object", "empty-object", 500, "documented"],
  ["answers without a policy", "no-policy", 500, "documented"],
  ["answers without a principal", "no-principal", 500, "documented"],
  ["answers in the simple form of HTTP APIs", "simple-response", 500, "documented"],
  ["puts an object into its context", "context-with-object", 500, "documented"],
  ["puts a list into its context", "context-with-list", 500, "documented"],
  ["answers more than 8 KB", "too-large", 500, "documented"],
];

/** Requests that lack an identity source, or not. */
const identities: readonly [what: string, query: string, header: string | undefined, status: number][] = [
  ["with both identity sources", "?probe=1", "1", 101],
  ["without the header that is an identity source", "?probe=1", undefined, 401],
  ["with an empty header for an identity source", "?probe=1", "", 401],
  ["without the query parameter that is an identity source", "", "1", 401],
  ["with an empty query parameter for an identity source", "?probe=", "1", 401],
  ["without any identity source", "", undefined, 401],
  ["with other parameters than the identity source", "?other=1", "1", 401],
];

async function identityStatus(
  target: TargetWith<"probeUrls">,
  query: string,
  headers: readonly (readonly [string, string])[],
): Promise<number> {
  return (await upgrade(target, { url: `${target.probeUrls.identity}${query}`, headers })).status;
}

export const authorizerAnswerCases = [
  ...statuses.map(([what, decision, status, source]) =>
    probe(`an authorizer that ${what} gets the client ${status}`, source, async (target) => {
      const url = `${target.probeUrls.faults}?authorizer=${decision}`;
      assert.equal((await upgrade(target, { url })).status, status);
    }),
  ),
  ...identities.map(([what, query, header, status]) =>
    probe(`a request ${what} gets ${status}`, "documented", async (target) => {
      const headers = header === undefined ? [] : [["X-Probe", header] as const];
      assert.equal(await identityStatus(target, query, headers), status);
    }),
  ),
  probe("an identity source names a header in any letter case", "documented", async (target) => {
    assert.equal(await identityStatus(target, "?probe=1", [["x-pRoBe", "1"]]), 101);
  }),
  probe(
    "a client without the identity sources gets 401, whatever the authorizer says",
    "documented",
    async (target) => {
      assert.equal(await identityStatus(target, "?authorizer=error", []), 401);
    },
  ),
  probe("an authorizer that API Gateway may not call gets the client 500", "unconfirmed", async (target) => {
    assert.equal((await upgrade(target, { url: target.probeUrls.locked })).status, 500);
  }),
];
