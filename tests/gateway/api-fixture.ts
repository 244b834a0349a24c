import type { DeployedApi } from "../../local/gateway/deployed-api.ts";
import type { Handshake } from "../../local/gateway/handshake.ts";
import { compileSelection } from "../../local/gateway/selection-expression.ts";

/** Stage `prod` of an API without routes. */
export const api: DeployedApi = {
  apiId: "a1b2c3d4e5",
  stageName: "prod",
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  stageArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod",
  selectRouteKey: compileSelection("$request.body.action", "the fixture"),
  stageVariables: {},
  routes: new Map(),
};

/** What a client sends that is like `wscat`, but shouts some of its headers. */
export const handshake: Handshake = {
  connectionId: "TXzPWdnOjoECGjA=",
  connectedAt: Date.UTC(2023, 0, 19, 21, 13, 26),
  stageName: "prod",
  headers: {
    "Sec-WebSocket-Version": ["13"],
    "Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ=="],
    Connection: ["Upgrade"],
    UPGRADE: ["websocket"],
    AUTHORIZATION: ["Bearer token"],
    "x-many": ["first", "last"],
    "x-forwarded-for": ["198.51.100.1"],
    "user-agent": ["client/1.0"],
    host: ["localhost:3000"],
  },
  query: {},
  sourceIp: "127.0.0.1",
  userAgent: "client/1.0",
};
