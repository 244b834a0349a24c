import type { DeployedApi } from "./deployed-api.ts";
import type { Handshake } from "./handshake.ts";

/** Whether the request has a value for an identity source like `route.request.header.Authorization`. */
export function hasIdentity(source: string, handshake: Handshake, api: DeployedApi): boolean {
  const [, kind, name = ""] =
    /^(route\.request\.header|route\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case "route.request.header":
      return Object.entries(handshake.headers).some(
        ([header, values]) => header.toLowerCase() === name.toLowerCase() && values.some(Boolean),
      );
    case "route.request.querystring":
      return Object.hasOwn(handshake.query, name) && (handshake.query[name] ?? []).some(Boolean);
    case "stageVariables":
      return Object.hasOwn(api.stageVariables, name) && api.stageVariables[name] !== "";
    default:
      // What local requests have of $context is always there.
      return true;
  }
}
