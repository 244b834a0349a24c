/**
 * What the gateway tells those who watch it. None of it carries a header, a query string or the token of a handshake;
 * texts are excerpts.
 */
export type GatewayEvent =
  | {
      readonly type: "handshake";
      readonly connectionId: string;
      readonly sourceIp: string;
      /** 101 for an open connection. */
      readonly status: number;
      /** Why it was refused. */
      readonly because?: string | undefined;
      readonly principalId?: string | undefined;
      readonly username?: string | undefined;
      /** When the token expires, in milliseconds since 1970, if the authorizer's context has it as `exp`. */
      readonly expiresAt?: number | undefined;
      readonly subprotocol?: string | undefined;
    }
  | {
      readonly type: "message";
      readonly connectionId: string;
      readonly routeKey: string;
      readonly bytes: number;
      readonly text: string;
    }
  | {
      readonly type: "answer";
      readonly connectionId: string;
      readonly routeKey: string;
      readonly bytes: number;
      readonly text: string;
      /** Why the client got an error frame. */
      readonly because?: string | undefined;
      readonly latencyMs: number;
    }
  | { readonly type: "push"; readonly connectionId: string; readonly bytes: number; readonly text: string }
  | {
      readonly type: "closed";
      readonly connectionId: string;
      readonly code: number;
      readonly reason: string;
    };

export type GatewayObserver = (event: GatewayEvent) => void;
