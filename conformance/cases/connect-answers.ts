import assert from "node:assert/strict";
import { factWith, type Source } from "../conformance-case.ts";
import { bearer, offering, upgrade } from "../upgrade.ts";

const probe = factWith("probeUrls");

/** What clients get for each answer of the probe's $connect function. */
const statuses: readonly (readonly [what: string, answer: string, status: number, source: Source])[] = [
  ...[200, 201, 204].map((status) => [`${status}`, `${status}`, 101, "observed"] as const),
  ...[301, 400, 401, 501].map((status) => [`${status}`, `${status}`, status, "observed"] as const),
  ...[403, 404, 429, 503].map((status) => [`${status}`, `${status}`, status, "documented"] as const),
  ["200 as a text", "status-as-text", 101, "unconfirmed"],
  ["200 with a body", "body", 101, "documented"],
  ["nothing", "nothing", 502, "observed"],
  ["a text", "text", 502, "observed"],
  ["a body without a status", "no-status", 502, "observed"],
  ["a status that is no number", "status-of-words", 502, "unconfirmed"],
];

export const connectAnswerCases = [
  ...statuses.map(([what, answer, status, source]) =>
    probe(`a $connect that answers ${what} gets the client ${status}`, source, async (target) => {
      const url = `${target.probeUrls.faults}?connect=${answer}`;
      assert.equal((await upgrade(target, { url })).status, status);
    }),
  ),
  probe("a $connect that throws gets the client 502", "observed", async (target) => {
    assert.equal((await upgrade(target, { url: `${target.probeUrls.faults}?connect=throw` })).status, 502);
  }),
  probe(
    "a $connect that is slower than its integration's timeout gets 504",
    "unconfirmed",
    async (target) => {
      assert.equal((await upgrade(target, { url: `${target.probeUrls.faults}?connect=slow` })).status, 504);
    },
  ),
  probe("a $connect without an integration gets the client 101", "documented", async (target) => {
    const url = `${target.probeUrls.identity}?probe=1`;
    assert.equal((await upgrade(target, { url, headers: [["X-Probe", "1"]] })).status, 101);
  }),
  probe("an API without $connect is open: 101", "documented", async (target) => {
    assert.equal((await upgrade(target, { url: target.probeUrls.open })).status, 101);
  }),
  probe(
    "an API without an authorizer takes any token, or none, for nothing",
    "documented",
    async (target) => {
      assert.equal(
        (await upgrade(target, { url: target.probeUrls.open, headers: [bearer("junk")] })).status,
        101,
      );
    },
  ),
  ...(
    [
      ["the subprotocol that $connect answers with is chosen", "protocol", "app.v2", "documented"],
      [
        "a subprotocol in a header of lower case is chosen",
        "protocol-in-lower-case",
        "app.v2",
        "unconfirmed",
      ],
      ["no subprotocol is chosen where $connect names none", "200", undefined, "documented"],
    ] as const
  ).map(([what, answer, expected, source]) =>
    probe(what, source, async (target) => {
      const url = `${target.probeUrls.faults}?connect=${answer}`;
      const { status, headers } = await upgrade(target, { url, headers: [offering("app.v1", "app.v2")] });
      assert.deepEqual([status, headers["sec-websocket-protocol"]], [101, expected]);
    }),
  ),
  probe("what exceeds the throttle for new connections gets 429", "observed", async (target) => {
    const calls = Array.from({ length: 12 }, () => upgrade(target, { url: target.probeUrls.throttled }));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)].sort(), [101, 429]);
  }),
];
