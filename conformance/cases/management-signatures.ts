import assert from "node:assert/strict";
import { connect } from "../client.ts";
import { factWith } from "../conformance-case.ts";
import { connectionIdOf } from "../error-frame.ts";
import { manage, manageUnsigned, type Signing } from "../management-call.ts";
import type { TargetWith } from "../target.ts";

type SignedTarget = TargetWith<"managementEndpoint" | "credentials">;

const unsigned = factWith("managementEndpoint");
const signed = factWith("managementEndpoint", "credentials");
const strangerId = "TXzPWdnOjoECGjA=";
const tenMinutesMs = 600_000;

/** Signatures that are not good for the call. */
const wrong: readonly [what: string, errorType: string, signing: (target: SignedTarget) => Signing][] = [
  [
    "a wrong secret",
    "InvalidSignatureException",
    ({ credentials }) => ({ credentials: { ...credentials, secretAccessKey: "wrong" } }),
  ],
  [
    "an access key that nobody has",
    "UnrecognizedClientException",
    ({ credentials }) => ({ credentials: { ...credentials, accessKeyId: "AKIAIOSFODNN7EXAMPLE" } }),
  ],
  [
    "a session token that nobody has",
    "UnrecognizedClientException",
    ({ credentials }) => ({ credentials: { ...credentials, sessionToken: "c2Vzc2lvbg==" } }),
  ],
  [
    "a scope in another region",
    "InvalidSignatureException",
    ({ credentials }) => ({ region: credentials.region === "eu-west-1" ? "us-east-1" : "eu-west-1" }),
  ],
  ["a scope of another service", "InvalidSignatureException", () => ({ service: "lambda" })],
  [
    "a time ten minutes ago",
    "InvalidSignatureException",
    () => ({ now: new Date(Date.now() - tenMinutesMs) }),
  ],
  [
    "a time in ten minutes",
    "InvalidSignatureException",
    () => ({ now: new Date(Date.now() + tenMinutesMs) }),
  ],
];

export const managementSignatureCases = [
  ...(["POST", "GET", "DELETE"] as const).map((method) =>
    unsigned(`a ${method} without a signature gets 403`, "documented", async (target) => {
      const { status, errorType } = await manageUnsigned(target, { connectionId: strangerId, method });
      assert.deepEqual([status, errorType], [403, "MissingAuthenticationTokenException"]);
    }),
  ),
  unsigned("a POST without a signature reaches nobody", "documented", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    await manageUnsigned(target, { connectionId, body: "hello" });
    assert.equal((await client.askJson({ action: "whoami" })).action, "whoami");
  }),
  ...wrong.map(([what, expected, signing]) =>
    signed(`a call that is signed with ${what} gets 403`, "documented", async (target) => {
      const { status, errorType } = await manage(target, { connectionId: strangerId }, signing(target));
      assert.deepEqual([status, errorType], [403, expected]);
    }),
  ),
  signed("a call whose body was changed after the signing gets 403", "documented", async (target) => {
    const call = { connectionId: strangerId, body: "hello", sentBody: "hallo" };
    const { status, errorType } = await manage(target, call);
    assert.deepEqual([status, errorType], [403, "InvalidSignatureException"]);
  }),
];
