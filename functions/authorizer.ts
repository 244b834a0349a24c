import { requireWelcome } from "./authorizer/access-rules.ts";
import { allow, deny, type PolicyAnswer } from "./authorizer/answer.ts";
import { logDecision } from "./authorizer/decision-log.ts";
import { Refusal } from "./authorizer/refusal.ts";
import { readRequest } from "./authorizer/request.ts";
import { settings } from "./authorizer/settings.ts";
import { SigningKeys } from "./authorizer/signing-keys.ts";
import { findToken, type TokenSource } from "./authorizer/token-source.ts";
import { verifyToken } from "./authorizer/verify-token.ts";

const keys = new SigningKeys(settings);

/**
 * Decides whether a client may open a connection. Follow a token from here: event, source, verification, rules.
 * @returns a policy that allows exactly this connection, or denies it (the client sees 403)
 * @throws {Error} `Unauthorized` for a bad or missing token (401), `Internal error` when we fail (500)
 */
export async function handler(event: unknown): Promise<PolicyAnswer> {
  const startedAt = performance.now();
  const decision = logDecision.bind(undefined, settings.apiId, event, startedAt);
  let methodArn = "";
  let source: TokenSource | undefined;
  let sub: string | undefined;
  try {
    const request = readRequest(event, settings);
    methodArn = request.methodArn;
    const found = findToken(request, settings.tokenSources);
    source = found.source;
    const claims = await verifyToken(found.token, settings, keys);
    sub = claims.sub;
    requireWelcome(request, claims, settings);
    decision({ decision: "allow", reason: "allowed", source, sub });
    return allow(claims, methodArn);
  } catch (error) {
    const { reason, status } = error instanceof Refusal ? error : new Refusal("internal");
    decision({ decision: status === 500 ? "fail" : "deny", reason, source, sub });
    if (status === 403) return deny(sub, methodArn);
    // API Gateway answers 401 to exactly this message, and 500 to any other.
    throw new Error(status === 401 ? "Unauthorized" : "Internal error");
  }
}
