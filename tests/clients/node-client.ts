import type { Client } from "./client.ts";
import { openStandardWebSocket } from "./standard-web-socket.ts";

/** Node's global `WebSocket`, which takes headers beside the standard's subprotocols. */
export const nodeClient: Client = {
  open: (url, { headers = {}, protocols = [] }) =>
    openStandardWebSocket({ url, options: { headers: { ...headers }, protocols: [...protocols] } }),
};
