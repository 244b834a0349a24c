import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { RunError } from "@pulumi/pulumi";
import { after, before, describe, it } from "mocha";
import { fetchSigningKeys, issuerOf } from "../../infra/user-pool.ts";
import { redirectOutboundNetwork } from "../../local/sandbox/outbound-network.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { issuer, signingKeys } from "../token-factory.ts";
import { resource } from "./program-graph.ts";

const rsaKey = { kty: "RSA", use: "sig", alg: "RS256", kid: "one", n: "A".repeat(342), e: "AQAB" };

describe("issuerOf", () => {
  it("names the pool in its region and partition", () => {
    assert.equal(
      issuerOf("us-east-1_AbC", "cognito-idp", "amazonaws.com"),
      "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC",
    );
    assert.equal(
      issuerOf("cn-north-1_AbC", "issuer-cognito-idp", "amazonaws.com.cn"),
      "https://issuer-cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC",
    );
  });
});

describe("the pool's signing keys", () => {
  let answer: { status: number; body: string };
  let paths: (string | undefined)[];
  let server: Server;
  let restore: () => void;

  before(async () => {
    server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(answer.status).end(answer.body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    restore = redirectOutboundNetwork({ [new URL(issuer).hostname]: { port } }, { refuseOthers: true });
  });
  after(() => {
    restore();
    server.close();
  });

  function serve(status: number, body: unknown): void {
    paths = [];
    answer = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
  }

  it("are shipped with the authorizer: one request, public members only", async () => {
    const key = (kid: string) => ({
      ...createPublicKey(signingKeys.access.privateKey).export({ format: "jwk" }),
      kid,
    });
    serve(200, { keys: [{ ...key("a"), use: "sig", alg: "RS256", d: "private", extra: 1 }] });
    const graph = await runWithMocks(testStackConfig());
    const { variables } = resource(graph, "aws:lambda/function:Function", "authorizer").inputs.environment;
    const { n, e } = key("a");
    assert.equal(
      variables.JWKS,
      JSON.stringify({ keys: [{ kty: "RSA", use: "sig", alg: "RS256", kid: "a", n, e }] }),
    );
    assert.deepEqual(paths, ["/us-east-1_TestPool/.well-known/jwks.json"]);
  });

  it("are not read at deployment with jwks runtime", async () => {
    serve(200, { keys: [rsaKey] });
    const graph = await runWithMocks(testStackConfig({ jwks: "runtime" }));
    const { variables } = resource(graph, "aws:lambda/function:Function", "authorizer").inputs.environment;
    assert.equal("JWKS" in variables, false);
    assert.deepEqual(paths, []);
  });

  it("are in the same order, however the pool lists them", async () => {
    const [a, b, c] = ["a", "b", "c"].map((kid) => ({ ...rsaKey, kid }));
    for (const keys of [
      [a, b, c],
      [c, a, b],
    ]) {
      serve(200, { keys });
      assert.equal(await fetchSigningKeys(issuer), JSON.stringify({ keys: [a, b, c] }));
    }
  });

  it("are those for RS256 signatures only", async () => {
    const others = [{ ...rsaKey, use: "enc" }, { ...rsaKey, alg: "RS512" }, { ...rsaKey, kty: "EC" }, null];
    serve(200, { keys: [...others, rsaKey] });
    assert.equal(await fetchSigningKeys(issuer), JSON.stringify({ keys: [rsaKey] }));
  });

  for (const [what, status, body, reason] of [
    ["an error", 404, "{}", "status 404"],
    ["an error of the server", 503, "{}", "status 503"],
    ["a redirect", 302, { keys: [rsaKey] }, "status 302"],
    ["text", 200, "<html>", `Unexpected token '<', "<html>" is not valid JSON`],
    ["null", 200, "null", "the answer is not a key set"],
    ["keys that are no list", 200, { keys: {} }, "the answer is not a key set"],
    ["no keys", 200, { keys: [] }, "the key set has no RS256 signing key"],
    [
      "keys for other algorithms",
      200,
      { keys: [{ ...rsaKey, alg: "RS384" }] },
      "the key set has no RS256 signing key",
    ],
    ["a key without an id", 200, { keys: [{ ...rsaKey, kid: undefined }] }, "a key lacks kid, n or e"],
    ["a key with an empty modulus", 200, { keys: [{ ...rsaKey, n: "" }] }, "a key lacks kid, n or e"],
    ["a key with a numeric exponent", 200, { keys: [{ ...rsaKey, e: 65537 }] }, "a key lacks kid, n or e"],
    [
      "a key of fewer than 2048 bits",
      200,
      { keys: [{ ...rsaKey, n: "A".repeat(341) }] },
      "a key is too weak",
    ],
    ["a key with the exponent 3", 200, { keys: [{ ...rsaKey, e: "Aw" }] }, "a key is too weak"],
    ["more than 64 kB", 200, " ".repeat(65_537), "more than 65536 bytes"],
  ] as const)
    it(`stop the program when the answer is ${what}`, async () => {
      serve(status, body);
      const message =
        `userPoolId: the pool's signing keys could not be read from ${issuer}/.well-known/jwks.json: ${reason}. ` +
        (status === 404
          ? "There is no such pool: npx pulumi config set userPoolId <id of your pool>"
          : "If the region in its host is not your pool's: npx pulumi config set userPoolId <id of your pool>. If this machine cannot reach it, let the authorizer fetch the keys when it starts: npx pulumi config set jwks runtime");
      await assert.rejects(
        fetchSigningKeys(issuer),
        (error: Error) => RunError.isInstance(error) && error.message === message,
      );
    });
});
