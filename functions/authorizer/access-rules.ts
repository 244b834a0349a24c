import type { Claims } from "./claims.ts";
import { Refusal } from "./refusal.ts";
import { type ConnectRequest, headerValues } from "./request.ts";
import type { AuthorizerSettings } from "./settings.ts";

/** Refuses a caller whose token is good but who may not connect here. */
export function requireWelcome(request: ConnectRequest, claims: Claims, settings: AuthorizerSettings): void {
  if (!isOriginAllowed(request, settings.allowedOrigins)) throw new Refusal("origin_not_allowed");
  if (!anyOf(settings.requiredGroups, claims.groups)) throw new Refusal("missing_group");
  if (!anyOf(settings.requiredScopes, claims.scopes)) throw new Refusal("missing_scope");
}

/** Browsers always send one origin, and pages cannot change it; a client that is no browser sends none. */
function isOriginAllowed({ headers }: ConnectRequest, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  const [origin, ...others] = headerValues(headers, "origin");
  return origin === undefined || (others.length === 0 && allowed.includes(origin));
}

function anyOf(required: readonly string[], held: readonly string[]): boolean {
  return required.length === 0 || required.some((name) => held.includes(name));
}
