import assert from "node:assert/strict";
import type { WebSocket } from "ws";
import type { DeployedApi } from "../../local/gateway/deployed-api.ts";
import type { RecordedResource } from "../../local/graph/resource-graph.ts";
import { open } from "../test-stack.ts";
import { deployedApi, type RouteOfGraph, routeResources } from "./integration-graph.ts";
import { type Functions, type ServedApi, withServedApi } from "./served-api.ts";

/** The ARN of the function of a name. */
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** Serves routes, the functions by their names. */
export function withRoutes(
  routes: readonly RouteOfGraph[],
  use: (served: ServedApi, socket: WebSocket) => Promise<void>,
  functions: Functions = {},
): Promise<void> {
  const api: DeployedApi = deployedApi(routes.flatMap((route): RecordedResource[] => routeResources(route)));
  const byArn = Object.fromEntries(
    Object.entries(functions).map(([name, respond]) => [functionArn(name), respond]),
  );
  return withServedApi({ api, functions: byArn }, async (served) => {
    const socket = await open(served.url);
    await use(served, socket);
    socket.terminate();
  });
}

/** An error frame of a connection, with any request id. */
export function frame(message: string): RegExp {
  return new RegExp(
    `^\\{"message": "${message}", "connectionId":"[\\w-]{15}=", "requestId":"[\\w-]{15}="\\}$`,
  );
}

/** Why the last answer was an error frame. */
export function reasonOf({ events }: ServedApi): string | undefined {
  const last = events.findLast(({ type }) => type === "answer");
  return last?.type === "answer" ? last.because : assert.fail("there was no answer");
}

/** A mock that answers a ping with its connection's id; the route that always answers tells when others do not. */
export const ping: RouteOfGraph = {
  routeKey: "ping",
  integration: { integrationType: "MOCK", requestTemplates: { "application/json": '{"statusCode":200}' } },
  responses: {
    $default: {
      templateSelectionExpression: "$default",
      responseTemplates: { $default: '{"pong":"$context.connectionId","in":"$stageVariables.color"}' },
    },
  },
};
