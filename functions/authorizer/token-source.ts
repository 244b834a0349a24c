import { Refusal } from "./refusal.ts";
import { type ConnectRequest, headerValues } from "./request.ts";

/** Where a client may put its token. */
export type TokenSource = "header" | "subprotocol" | "query";

/** A token as the client sent it: nothing about it is verified. */
export interface FoundToken {
  readonly token: string;
  readonly source: TokenSource;
}

const tokensFrom: Readonly<Record<TokenSource, (request: ConnectRequest) => string[]>> = {
  header: ({ headers }) => headerValues(headers, "authorization").map(withoutScheme),
  subprotocol: ({ headers }) =>
    headerValues(headers, "sec-websocket-protocol")
      .flatMap((value) => value.split(","))
      .map((protocol) => protocol.trim())
      .filter((protocol) => protocol.startsWith("bearer."))
      .map((protocol) => protocol.slice("bearer.".length)),
  query: ({ query }) => query.token?.slice() ?? [],
};

/**
 * Finds the one token of a request. A request with two is refused, even if one of them is good: whoever put the
 * other there had a reason.
 */
export function findToken(request: ConnectRequest, sources: readonly TokenSource[]): FoundToken {
  const found = sources.flatMap((source) => tokensFrom[source](request).map((token) => ({ token, source })));
  const [first, second] = found;
  if (!first) throw new Refusal("no_token");
  if (second) throw new Refusal("two_tokens");
  return first;
}

/** `Bearer <token>` in any letter case (RFC 6750), or the bare token. */
function withoutScheme(value: string): string {
  const token = /^bearer /i.test(value) ? value.slice("bearer ".length) : value;
  if (token === "" || /[\s,]/.test(token)) throw new Refusal("malformed_authorization");
  return token;
}
