import type { DeployedApi } from "../../local/gateway/deployed-api.ts";
import { authorizerEvent } from "../../local/gateway/events.ts";
import { newId } from "../../local/gateway/ids.ts";

/** A REQUEST authorizer event as API Gateway sends it. */
export interface Event {
  readonly methodArn: string;
  readonly [member: string]: unknown;
}

export type Values = Readonly<Record<string, readonly string[]>>;

const api: DeployedApi = {
  apiId: "a1b2c3d4e5",
  stageName: "prod",
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  stageArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod",
  selectRouteKey: () => undefined,
  stageVariables: {},
  routes: new Map(),
};

/** What the authorizer under test guards. */
export const connectArn = `${api.stageArn}/$connect`;
export const apiId = api.apiId;

/** A client's request to connect, with these headers and query parameters beside those of every WebSocket client. */
export function connectRequest(headers: Values = {}, query: Values = {}): Event {
  const handshake = {
    connectionId: newId(),
    connectedAt: 1_767_225_600_000,
    stageName: api.stageName,
    headers: {
      Connection: ["Upgrade"],
      Upgrade: ["websocket"],
      "Sec-WebSocket-Version": ["13"],
      "Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ=="],
      ...headers,
    },
    query,
    sourceIp: "192.0.2.1",
    userAgent: undefined,
  };
  return authorizerEvent({ api, handshake }) as Event;
}

/** With the token as wscat sends it. */
export function withToken(token: string): Event {
  return connectRequest({ Authorization: [`Bearer ${token}`] });
}

/** With the token as a browser sends it. */
export function withSubprotocols(...protocols: readonly string[]): Event {
  return connectRequest({ "Sec-WebSocket-Protocol": [protocols.join(", ")] });
}
