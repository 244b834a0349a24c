import { conditionHolds } from "./conditions.ts";
import {
  type OneOrMany,
  type PolicyDocument,
  type PolicyPrincipal,
  refusePolicyVariables,
  type Statement,
  toList,
} from "./policy-document.ts";
import { matchesWildcard } from "./wildcard.ts";

export type { Effect, PolicyDocument, PolicyPrincipal, Statement } from "./policy-document.ts";
export { parsePolicyDocument } from "./policy-parser.ts";

/** Who makes a request: one service, like `apigateway.amazonaws.com`, or one ARN of an AWS identity. */
export type Principal = { readonly Service: string } | { readonly AWS: string };

/** A request to decide on; names in `conditionKeys` (like `aws:SourceArn`) may have any letter case. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly principal?: Principal;
  readonly conditionKeys?: Readonly<Record<string, OneOrMany<string>>>;
}

export type Decision = "allowed" | "explicitDeny" | "implicitDeny";

/**
 * Decides a request as IAM does: any matching Deny wins, then any matching Allow, else it is implicitly denied.
 * A malformed statement or an unknown condition operator is an error, even where another statement decides.
 */
export function evaluatePolicies(documents: readonly PolicyDocument[], request: AccessRequest): Decision {
  const keys = new Map(
    Object.entries(request.conditionKeys ?? {}).map(([name, value]) => [name.toLowerCase(), toList(value)]),
  );
  const effects = documents
    .flatMap((document) => toList(document.Statement))
    .filter((statement) => applies(statement, request, keys))
    .map((statement) => statement.Effect);
  if (effects.includes("Deny")) return "explicitDeny";
  return effects.includes("Allow") ? "allowed" : "implicitDeny";
}

function applies(
  statement: Statement,
  request: AccessRequest,
  keys: ReadonlyMap<string, readonly string[]>,
): boolean {
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw new Error(`Effect must be "Allow" or "Deny", not ${JSON.stringify(statement.Effect)}`);
  }
  const matches = [
    matchesAction(statement, request.action),
    matchesResource(statement, request.resource),
    matchesPrincipal(statement, request.principal),
    conditionHolds(statement.Condition ?? {}, keys),
  ];
  return matches.every(Boolean);
}

function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  const listed = Action ?? NotAction;
  if (listed === undefined) throw new Error("statement has neither Action nor NotAction");
  const named = toList(listed).some((pattern) =>
    matchesWildcard(pattern.toLowerCase(), action.toLowerCase()),
  );
  return named === (Action !== undefined);
}

function matchesResource(statement: Statement, resource: string): boolean {
  const listed = statement.Resource ?? statement.NotResource;
  if (listed === undefined) {
    // A role's trust policy names a principal and no resource: the role itself is the resource.
    if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
      throw new Error("statement has neither Resource nor NotResource");
    }
    return true;
  }
  toList(listed).forEach(refusePolicyVariables);
  const named = toList(listed).some((pattern) => matchesWildcard(pattern, resource));
  return named === (statement.Resource !== undefined);
}

function matchesPrincipal({ Principal, NotPrincipal }: Statement, principal: Principal | undefined): boolean {
  if (Principal !== undefined) return namesPrincipal(Principal, principal);
  if (NotPrincipal !== undefined) return !namesPrincipal(NotPrincipal, principal);
  return true;
}

function namesPrincipal(named: PolicyPrincipal, principal: Principal | undefined): boolean {
  if (named === "*") return true;
  // `{ AWS: "*" }` means the same as "*": everyone, services and anonymous callers included.
  const identities = toList(named.AWS ?? []);
  if (identities.includes("*")) return true;
  if (principal === undefined) return false;
  if ("Service" in principal) return toList(named.Service ?? []).includes(principal.Service);
  const [, partition, , , account] = principal.AWS.split(":");
  const names = [principal.AWS, account, `arn:${partition}:iam::${account}:root`];
  return identities.some((identity) => names.includes(identity));
}
