import type { Claims } from "./claims.ts";
import { Refusal } from "./refusal.ts";
import { type ConnectRequest, headerValues } from "./request.ts";
import type { AuthorizerSettings } from "./settings.ts";

/** Refuses a caller whose token is good but who may not connect here. */
export function requireWelcome(request: ConnectRequest, claims: Claims, settings: AuthorizerSettings): void {
  if (!isOriginAllowed(headerValues(request.headers, "origin"), settings.allowedOrigins))
    throw new Refusal("origin_not_allowed");
  if (!anyOf(settings.requiredGroups, claims.groups)) throw new Refusal("missing_group");
  if (!anyOf(settings.requiredScopes, claims.scopes)) throw new Refusal("missing_scope");
}

/** Browsers always send one origin, and pages cannot change it; a client that is no browser sends none. */
function isOriginAllowed(origins: readonly string[], allowed: readonly string[]): boolean {
  const [origin, ...others] = origins;
  return allowed.length === 0 || origin === undefined || (others.length === 0 && allowed.includes(origin));
}

function anyOf(required: readonly string[], held: readonly string[]): boolean {
  return required.length === 0 || required.some((name) => held.includes(name));
}
