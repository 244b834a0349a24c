/** What the gateway tells those who watch it. None of it carries a header, a query string or a token. */
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
      readonly subprotocol?: string | undefined;
    }
  | {
      readonly type: "message";
      readonly connectionId: string;
      readonly routeKey: string;
      readonly bytes: number;
    }
  | {
      readonly type: "answer";
      readonly connectionId: string;
      readonly routeKey: string;
      readonly bytes: number;
      /** Why the client got an error frame. */
      readonly because?: string | undefined;
      readonly latencyMs: number;
    }
  | { readonly type: "push"; readonly connectionId: string; readonly bytes: number }
  | {
      readonly type: "closed";
      readonly connectionId: string;
      readonly code: number;
      readonly reason: string;
    };

export type GatewayObserver = (event: GatewayEvent) => void;
