import assert from "node:assert/strict";
import type { AwsAccount, RecordedResource, ResourceGraph } from "../../local/graph/resource-graph.ts";
import { redirectOutboundNetwork } from "../../local/sandbox/outbound-network.ts";
import { startUserPoolServer } from "../../local/user-pool/server.ts";
import type { UserPool } from "../../local/user-pool/user-pool.ts";
import { UserPools } from "../../local/user-pool/user-pools.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { type TestSettings, testStackConfig } from "../test-stack.ts";
import { withoutStackTraces } from "../without-stack-traces.ts";

const graphs = new Map<string, Promise<ResourceGraph>>();

/** What the program declares with these settings. It runs once for each, and fetches no keys. */
export function programGraph(
  settings: TestSettings = {},
  account: Partial<AwsAccount> = {},
): Promise<ResourceGraph> {
  const key = JSON.stringify([settings, account]);
  const stackConfig = testStackConfig({ jwks: "runtime", ...settings });
  const graph = graphs.get(key) ?? withoutStackTraces(() => runWithMocks(stackConfig, { account }));
  graphs.set(key, graph);
  return graph;
}

/** What the program declares when it reads the keys of this pool and ships them. */
export async function graphWithKeys(userPool: UserPool, settings: TestSettings = {}): Promise<ResourceGraph> {
  const server = await startUserPoolServer(new UserPools([userPool]), { port: 0 });
  const hosts = { [new URL(userPool.issuer).hostname]: { port: server.port } };
  const restore = redirectOutboundNetwork(hosts, { refuseOthers: true });
  try {
    const stackConfig = testStackConfig({ ...settings, jwks: "deploy" });
    return await withoutStackTraces(() => runWithMocks(stackConfig));
  } finally {
    restore();
    await server.close();
  }
}

/** The resource of that type and name, which must be there. */
export function resource(graph: ResourceGraph, type: string, name: string): RecordedResource {
  const found = graph.resources.filter((candidate) => candidate.type === type && candidate.name === name);
  assert.equal(found.length, 1, `${found.length} resources ${type} "${name}"`);
  return found[0] as RecordedResource;
}

/** Every text in a value, at any depth; a function's code is left out. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === "code" ? [] : textsOf(member)));
}

export const topicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
export const certificateArn =
  "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

/** A domain whose certificate the program requests. */
export const domain: TestSettings = { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

/** All that a stack can have. */
export const fullest: TestSettings = {
  ...domain,
  apiGatewayLogRole: "manage",
  alarmTopicArn: topicArn,
  detailedMetrics: "true",
  disableDefaultEndpoint: "true",
  ipAddressType: "dualstack",
};

/** The account has its log role already. */
export const withLogRole: Partial<AwsAccount> = {
  apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/logs",
};
