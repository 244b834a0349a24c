import { randomBytes } from "node:crypto";
import type { DeployedApi } from "../local/gateway/deployed-api.ts";
import { authorizerEvent } from "../local/gateway/events.ts";
import { newId } from "../local/gateway/ids.ts";

/** The event that the authorizer gets for a client like `ws` that sends its token in `Authorization`. */
export function connectEvent(api: DeployedApi, token: string): object {
  return authorizerEvent({
    api,
    handshake: {
      connectionId: newId(),
      connectedAt: Date.now(),
      stageName: api.stageName,
      headers: {
        Authorization: [`Bearer ${token}`],
        Connection: ["Upgrade"],
        "Sec-WebSocket-Extensions": ["permessage-deflate; client_max_window_bits"],
        "Sec-WebSocket-Key": [randomBytes(16).toString("base64")],
        "Sec-WebSocket-Version": ["13"],
        Upgrade: ["websocket"],
      },
      query: {},
      sourceIp: "127.0.0.1",
      userAgent: undefined,
    },
  });
}
