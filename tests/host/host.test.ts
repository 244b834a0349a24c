import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, before, describe, it } from "mocha";
import type { RecordedResource, ResourceGraph } from "../../local/graph/resource-graph.ts";
import { redirectOutboundNetwork } from "../../local/sandbox/outbound-network.ts";
import { startUserPoolServer, type UserPoolServer } from "../../local/user-pool/server.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { UserPools } from "../../local/user-pool/user-pools.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { issuer, signingKeys, userPoolId } from "../token-factory.ts";
import { type HostRun, runUnderHost } from "./run-under-host.ts";

type Identified = { readonly type: string; readonly name: string };

/** What AWS is asked for, by type and name: components exist in the program only. */
function factsOf(resources: HostRun["resources"]): Record<string, unknown> {
  const owned = (resources as readonly RecordedResource[]).filter(({ custom }) => custom);
  return Object.fromEntries(
    owned.map(({ type, name, urn, id, inputs, outputs, dependencies, retainOnDelete }) => [
      `${type} ${name}`,
      { urn, id, inputs, outputs, dependencies: dependencies.toSorted(), retainOnDelete },
    ]),
  );
}

function identities(resources: readonly Identified[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

/** What a failed run is about, should it have failed. */
function problems({ exitCode, logs, stderr }: HostRun) {
  return { exitCode, logs, stderr };
}

const noProblems = { exitCode: 0, logs: [], stderr: "" };

describe("the program under Pulumi's Node.js runner", function () {
  this.timeout(60_000);
  let poolServer: UserPoolServer;
  let inMemory: ResourceGraph;
  let hosts: Record<string, { port: number }>;

  before(async () => {
    const pool = new UserPool({ userPoolId, clients: [], users: [], signingKeys });
    poolServer = await startUserPoolServer(new UserPools([pool]), { port: 0 });
    hosts = { [new URL(issuer).hostname]: { port: poolServer.port } };
    const restore = redirectOutboundNetwork(hosts, { refuseOthers: true });
    inMemory = await runWithMocks(testStackConfig());
    restore();
  });
  after(() => poolServer.close());

  it("registers in `pulumi up` what it declares in memory, with the same outputs", async () => {
    const run = await runUnderHost(testStackConfig(), { hosts });
    assert.deepEqual(problems(run), noProblems);
    assert.deepEqual(identities(run.resources), identities(inMemory.resources));
    assert.deepEqual(factsOf(run.resources), factsOf(inMemory.resources));
    assert.deepEqual(run.outputs, inMemory.outputs);
    assert.ok(
      run.durations.lastRegistrationMs > 0 && run.durations.lastRegistrationMs < run.durations.exitMs,
    );
  });

  it("registers the same in `pulumi preview`, where no id is known yet", async () => {
    const run = await runUnderHost(testStackConfig(), { hosts, preview: true });
    assert.deepEqual(problems(run), noProblems);
    assert.deepEqual(identities(run.resources), identities(inMemory.resources));
    const outputs = run.outputs ?? {};
    assert.deepEqual(Object.keys(outputs).sort(), Object.keys(inMemory.outputs).sort());
    assert.equal(outputs.stageName, "prod");
    assert.equal(outputs.apiId, outputs.url);
  });

  it("reads the account's log role in `pulumi preview` too, and warns of tokens in URLs", async () => {
    const settings = { apiGatewayLogRole: "existing", jwks: "runtime", tokenSources: '["query"]' };
    const account = { apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/logs" };
    const run = await runUnderHost(testStackConfig(settings), { account, preview: true });
    const message =
      "tokenSources includes query: a token in a URL ends up in the logs of proxies and browsers, and whoever reads it can connect until it expires. Prefer subprotocol for browsers.";
    assert.deepEqual(problems(run), { ...noProblems, logs: [{ severity: "warning", text: message }] });
    assert.equal(identities(run.resources).includes("aws:apigatewayv2/stage:Stage websocket"), true);
  });

  for (const omitEmpty of [false, true])
    it(`stops a preview in an account without a log role, ${omitEmpty ? "missing" : "empty"} in what is read`, async () => {
      const settings = { apiGatewayLogRole: "existing", jwks: "runtime" };
      const run = await runUnderHost(testStackConfig(settings), { preview: true, omitEmpty });
      assert.equal(run.exitCode, 32);
      assert.deepEqual(
        run.logs.map(({ severity, text }) => [severity, text.split(".")[0]]),
        [
          [
            "error",
            'apiGatewayLogRole is "existing", but this account has no API Gateway log role in this region',
          ],
        ],
      );
      assert.deepEqual(run.resources, []);
    });

  it("reports faulty settings by their message alone, and registers nothing", async () => {
    const faults = {
      userPoolId: undefined,
      userPoolClientIds: "abc",
      requiredGroup: '["admins"]',
      jwks: "never",
    };
    const run = await runUnderHost(testStackConfig(faults));
    const message = [
      "settings in Pulumi.test.yaml:",
      "  requiredGroup is not a setting: did you mean requiredGroups? Or remove it: npx pulumi config rm requiredGroup",
      "  userPoolId is not set, but must be a user pool id like us-east-1_AbCdEfGhI: npx pulumi config set userPoolId us-east-1_AbCdEfGhI (in the file: userPoolId: us-east-1_AbCdEfGhI)",
      "  userPoolClientIds is \"abc\", but must be a list of one or more app client ids, none twice: npx pulumi config rm userPoolClientIds, then npx pulumi config set --path 'userPoolClientIds[0]' abc (in the file: userPoolClientIds: [abc])",
      '  jwks is "never", but must be deploy or runtime: npx pulumi config set jwks deploy (in the file: jwks: deploy)',
    ].join("\n");
    assert.deepEqual(problems(run), {
      exitCode: 32,
      logs: [{ severity: "error", text: message }],
      stderr: "",
    });
    assert.deepEqual(run.resources, []);
  });

  it("reports an issuer out of reach by its message alone, with the ways on, and registers nothing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const run = await runUnderHost(testStackConfig(), { hosts: { [new URL(issuer).hostname]: { port } } });
    const message =
      `userPoolId: the pool's signing keys could not be read from ${issuer}/.well-known/jwks.json: connect ECONNREFUSED 127.0.0.1:${port}. ` +
      "If the region in its host is not your pool's: npx pulumi config set userPoolId <id of your pool>. " +
      "If this machine cannot reach it, let the authorizer fetch the keys when it starts: npx pulumi config set jwks runtime";
    assert.deepEqual(problems(run), {
      exitCode: 32,
      logs: [{ severity: "error", text: message }],
      stderr: "",
    });
    assert.deepEqual(run.resources, []);
  });

  it("names the Node.js that it needs when Pulumi starts an older one", async () => {
    const older = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.17.1" } })`;
    const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
    const run = await runUnderHost(testStackConfig(), { environment });
    const message =
      'this program needs Node.js 22.18 or newer, but Pulumi started 22.17.1: run it with "npm run preview" or "npm run up", which bring Node.js 24\n';
    assert.deepEqual(problems(run), { exitCode: 1, logs: [], stderr: message });
    assert.deepEqual(run.resources, []);
  });
});
