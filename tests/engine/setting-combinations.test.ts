import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "mocha";
import { settingKeys } from "../../infra/settings.ts";
import { redirectOutboundNetwork } from "../../local/sandbox/outbound-network.ts";
import { publicJwk } from "../../local/user-pool/signing-keys.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { signingKeys } from "../token-factory.ts";
import { withoutStackTraces } from "../without-stack-traces.ts";
import { type Combination, pairsOf, pairwise } from "./pairwise.ts";

const origins = (count: number) =>
  JSON.stringify(Array.from({ length: count }, (_, i) => `https://page-${i}.example.com`));
const counts = ["1", "1000000"];
const throttles = ["1", "100000"];

/** The regions, every setting with a few values, and the settings of a custom domain as one. */
const parameters = {
  region: ["us-east-1", "cn-north-1", "us-gov-west-1"],
  userPoolClientIds: ['["one"]', '["one","two"]'],
  tokenUse: ["access", "id"],
  requiredGroups: ["[]", '["admins","editors"]'],
  requiredScopes: ["[]", '["orders/read"]'],
  tokenSources: ['["header"]', '["subprotocol"]', '["query"]', '["header","subprotocol","query"]'],
  allowedOrigins: ["[]", origins(1), origins(70)],
  stageName: ["prod", "$default", "A-z_0".repeat(25)],
  throttlingRateLimit: throttles,
  throttlingBurstLimit: throttles,
  connectThrottlingRateLimit: throttles,
  connectThrottlingBurstLimit: throttles,
  logRetentionDays: ["1", "3653"],
  apiGatewayLogRole: ["existing", "manage", "off"],
  issuerHost: ["cognito-idp", "issuer-cognito-idp"],
  jwks: ["deploy", "runtime"],
  alarmTopicArn: ["", "arn:{partition}:sns:{region}:123456789012:alarms"],
  alarmAuthorizerFailures: counts,
  alarmIntegrationErrors: counts,
  alarmExecutionErrors: counts,
  alarmThrottles: counts,
  alarmLatencyMs: ["1", "29000"],
  detailedMetrics: ["false", "true"],
  domain: ["none", "hostedZoneId", "certificateArn", "hostedZoneId certificateArn"],
  disableDefaultEndpoint: ["false", "true"],
  ipAddressType: ["dualstack", "ipv4"],
};

const partitions: Readonly<Record<string, string>> = {
  "us-east-1": "aws",
  "cn-north-1": "aws-cn",
  "us-gov-west-1": "aws-us-gov",
};

/** What contradicts itself: scopes of ID tokens, and an API without any way in. */
const contradictions = [
  { tokenUse: "id", requiredScopes: '["orders/read"]' },
  { domain: "none", disableDefaultEndpoint: "true" },
];

function goTogether(name: string, value: string, otherName: string, otherValue: string): boolean {
  const both: Combination = { [name]: value, [otherName]: otherValue };
  return !contradictions.some((one) => Object.entries(one).every(([key, wrong]) => both[key] === wrong));
}

function settingsOf({ region = "", domain = "", ...settings }: Combination): Record<string, string> {
  const all: Record<string, string> = {
    ...settings,
    userPoolId: "{region}_TestPool",
    domainName: domain === "none" ? "" : "chat.example.com",
    hostedZoneId: domain.includes("hostedZoneId") ? "Z0123456789ABCDEFGHIJ" : "",
    certificateArn: domain.includes("certificateArn")
      ? "arn:{partition}:acm:{region}:123456789012:certificate/one"
      : "",
  };
  const filled = Object.entries(all).map(([key, value]) => [
    key,
    value.replace("{region}", region).replace("{partition}", partitions[region] ?? ""),
  ]);
  return Object.fromEntries(filled);
}

describe("the program, with any two values of its settings together", () => {
  const combinations = pairwise(parameters, goTogether);
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ keys: [signingKeys.access, signingKeys.id].map(publicJwk) })),
  );
  let restoreNetwork = () => {};

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const hosts = parameters.region.flatMap((region) => {
      const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
      return parameters.issuerHost.map((host) => [`${host}.${region}.${suffix}`, { port }]);
    });
    restoreNetwork = redirectOutboundNetwork(Object.fromEntries(hosts), { refuseOthers: false });
  });

  after(async () => {
    restoreNetwork();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("has every setting among them, and few runs", () => {
    for (const combination of combinations)
      assert.deepEqual(Object.keys(settingsOf(combination)).sort(), [...settingKeys].sort());
    assert.ok(combinations.length <= 30, `${combinations.length} runs`);
  });

  it("has every pair that goes together, and none that contradicts itself", () => {
    const met = new Set(combinations.flatMap((combination) => pairsIn(combination)));
    const wanted = pairsOf(parameters, goTogether).map((pair) => pair.join("\n"));
    assert.deepEqual([...met].sort(), wanted.sort());
  });

  for (const combination of combinations) {
    const differing = Object.entries(parameters).flatMap(([name, [first]]) =>
      combination[name] === first ? [] : [`${name} ${combination[name]?.slice(0, 20)}`],
    );
    it(`breaks no rule with ${differing.join(", ") || "the first of all values"}`, async () => {
      const { region = "" } = combination;
      const stack = testStackConfig(settingsOf(combination));
      const stackConfig = { ...stack, config: { ...stack.config, "aws:region": region } };
      const apiGatewayLogRoleArn = `arn:${partitions[region]}:iam::123456789012:role/logs`;
      const graph = await withoutStackTraces(() =>
        runWithMocks(stackConfig, { account: { apiGatewayLogRoleArn } }),
      );
      assert.equal(graph.account.partition, partitions[region]);
      assert.deepEqual(graph.warnings, []);
    });
  }
});

/** Every two values of a combination, in the order of the parameters. */
function pairsIn(combination: Combination): string[] {
  const names = Object.keys(parameters);
  return names.flatMap((name, i) =>
    names.slice(i + 1).map((other) => [name, combination[name], other, combination[other]].join("\n")),
  );
}
