import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { sources, withProject } from "../engine/temporary-project.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { clientId, otherClientId, signingKeys, userPoolId } from "../token-factory.ts";
import { fullest, graphWithKeys, resource } from "./program-graph.ts";

const user = { username: "alice", password: "Correct-horse-7", groups: [] };
const clientSecret = "kept1by2the3pool4and5its6clients7";
const awsSecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** How Pulumi marks a secret on its way to the engine (sdk/go/common/resource/sig.go). */
const secretMark = "4dabf18193072939515e22adb298388d";

/** The value of every member under that name, at any depth; texts that are JSON are read too. */
function membersOf(value: unknown): [name: string, value: unknown][] {
  if (typeof value === "string") return /^[[{]/.test(value) ? membersOf(parsed(value)) : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[name, member], ...membersOf(member)]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe("the program's state", () => {
  let graph: ResourceGraph;
  let text: string;

  before(async () => {
    const clients = [{ clientId }, { clientId: otherClientId, clientSecret }];
    const environment = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: awsSecretKey };
    const others = Object.keys(environment).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, environment);
    try {
      const userPool = new UserPool({ userPoolId, clients, users: [user], signingKeys });
      graph = await graphWithKeys(userPool, fullest);
    } finally {
      for (const [name, value] of others)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
    text = JSON.stringify(graph);
  });

  it("holds the pool's public keys, of which it was asked for nothing more", () => {
    const { JWKS } = resource(graph, "aws:lambda/function:Function", "authorizer").inputs.environment
      .variables;
    const { keys } = JSON.parse(JWKS);
    assert.deepEqual(
      keys.map((key: object) => Object.keys(key).sort()),
      [0, 1].map(() => ["alg", "e", "kid", "kty", "n", "use"]),
    );
  });

  it("holds no secret of the pool, its users, its clients or whoever deploys", () => {
    const privateMembers = [signingKeys.access, signingKeys.id].flatMap(({ privateKey }) => {
      const { d, p, q, dp, dq, qi } = privateKey.export({ format: "jwk" });
      return [d, p, q, dp, dq, qi].map(String);
    });
    assert.equal(new Set(privateMembers).size, 12);
    const secrets = [...privateMembers, user.password, clientSecret, awsSecretKey, "AKIAIOSFODNN7EXAMPLE"];
    assert.deepEqual(
      secrets.filter((secret) => text.includes(secret)),
      [],
    );
  });

  it("holds nothing that looks like a key, a token or a credential", () => {
    for (const pattern of [
      /-----BEGIN/,
      /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
      /\beyJ[\w-]+\.[\w-]+\./,
      /\bgh[pousr]_\w{20}/,
      /\bpul-[0-9a-f]{20}/,
      /\bsk_live_/,
    ])
      assert.doesNotMatch(text, pattern);
  });

  it("has no member that is named for a secret, in any policy, body or environment", () => {
    const data = graph.resources.map(({ inputs: { code, ...inputs }, outputs }) => {
      const { code: uploaded, ...others } = outputs;
      return [inputs, others];
    });
    const members = membersOf([data, graph.outputs]);
    const isSecret = (name: string) =>
      /secret|passw|credential|private|apikey(?!selection)|accesskey/i.test(name) ||
      /^([dpq]|d[pq]|qi|k|oth)$/.test(name);
    assert.ok(members.some(([name]) => name === "CLIENT_IDS") && members.some(([name]) => name === "kid"));
    assert.deepEqual(
      members.filter(([name]) => isSecret(name)),
      [],
    );
  });

  it("marks no input as secret, for there is none", () => {
    assert.equal(text.includes(secretMark), false);
  });

  it("marks no output as secret: all can be read without the stack's key", async () => {
    const source = `
      import * as pulumi from "@pulumi/pulumi";
      import * as program from "${sources}index.ts?secrets";
      export const outputs = Promise.all(Object.entries(program).map(async ([name, value]) =>
        [name, pulumi.Output.isInstance(value) && (await value.isSecret)]));`;
    const { outputs } = await withProject({ "wrapper.ts": source }, (folder) =>
      runWithMocks({ ...testStackConfig({ jwks: "runtime" }), programPath: join(folder, "wrapper.ts") }),
    );
    assert.deepEqual(
      Object.fromEntries(outputs.outputs),
      Object.fromEntries(Object.keys(graph.outputs).map((name) => [name, false])),
    );
  });
});
