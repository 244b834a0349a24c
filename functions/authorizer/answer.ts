import type { Claims } from "./claims.ts";

/** What API Gateway takes from a REQUEST authorizer (at most 8 KB). Context values reach the routes as strings. */
export interface PolicyAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly [
      { readonly Action: "execute-api:Invoke"; readonly Effect: "Allow" | "Deny"; readonly Resource: string },
    ];
  };
  readonly context?: Readonly<Record<string, string>>;
}

const maxGroupsLength = 2048;
const maxValueLength = 1024;

/** Allows the one connection that was asked for, and hands the verified identity to the routes. */
export function allow(claims: Claims, methodArn: string): PolicyAnswer {
  return { ...policy("Allow", claims.sub, methodArn), context: identity(claims) };
}

/** Denies the connection; the client sees 403. */
export function deny(sub: string | undefined, methodArn: string): PolicyAnswer {
  return policy("Deny", sub ?? "unknown", methodArn);
}

function policy(effect: "Allow" | "Deny", principalId: string, methodArn: string): PolicyAnswer {
  return {
    principalId,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: methodArn }],
    },
  };
}

function identity(claims: Claims): Record<string, string> {
  const { groups, complete } = boundedGroups(claims.groups);
  return {
    sub: claims.sub,
    username: bounded(claims.username),
    clientId: claims.clientId,
    tokenUse: claims.tokenUse,
    scope: bounded(claims.scopes.join(" ")),
    groups: JSON.stringify(groups),
    ...(!complete && { groupsTruncated: "true" }),
    exp: String(claims.exp),
    jti: bounded(claims.jti),
    originJti: bounded(claims.originJti),
  };
}

function boundedGroups(all: readonly string[]): { groups: readonly string[]; complete: boolean } {
  const groups = [...all];
  while (Buffer.byteLength(JSON.stringify(groups)) > maxGroupsLength) groups.pop();
  return { groups, complete: groups.length === all.length };
}

function bounded(value: string): string {
  return value.slice(0, maxValueLength);
}
