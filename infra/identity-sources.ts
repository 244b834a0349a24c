import type { TokenSource } from "./settings.ts";

const identitySourceOf: Readonly<Record<TokenSource, string>> = {
  header: "route.request.header.Authorization",
  subprotocol: "route.request.header.Sec-WebSocket-Protocol",
  query: "route.request.querystring.token",
};

/**
 * The authorizer's identity sources. API Gateway refuses a request that lacks any of them without calling the
 * authorizer. With one token source that turns away requests without a token for nothing; with several it would
 * demand a token in every one, so none is set.
 */
export function identitySources(sources: readonly TokenSource[]): { identitySources?: string[] } {
  const [only, ...others] = sources;
  return only && others.length === 0 ? { identitySources: [identitySourceOf[only]] } : {};
}
