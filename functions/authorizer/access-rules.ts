import type { Claims } from "./claims.ts";
import { Refusal } from "./refusal.ts";
import type { ConnectRequest } from "./request.ts";
import type { AuthorizerSettings } from "./settings.ts";

/** Refuses a caller whose token is good but who may not connect here. */
export function requireWelcome(_request: ConnectRequest, claims: Claims, settings: AuthorizerSettings): void {
  if (!anyOf(settings.requiredGroups, claims.groups)) throw new Refusal("missing_group");
  if (!anyOf(settings.requiredScopes, claims.scopes)) throw new Refusal("missing_scope");
}

function anyOf(required: readonly string[], held: readonly string[]): boolean {
  return required.length === 0 || required.some((name) => held.includes(name));
}
