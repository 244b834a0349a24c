import { OperatorError } from "../operator-error.ts";
import { checkConditionValue } from "./conditions.ts";
import { type PolicyDocument, refusePolicyVariables } from "./policy-document.ts";
import { arnParts, matchesWildcard } from "./wildcard.ts";

/** What a policy is attached to: an identity, a resource, or a role as the list of who may assume it. */
export type PolicyKind = "identity" | "resource" | "trust";

type Members = Readonly<Record<string, unknown>>;

const statementMembers = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/**
 * Reads a policy from JSON text or an object, as strictly as IAM does when a policy is put.
 * Throws an error that starts with `where` (like `role policy "chat"`) and names the member and its value.
 */
export function parsePolicyDocument(
  source: unknown,
  where: string,
  kind: PolicyKind = "identity",
): PolicyDocument {
  try {
    const document = asObject(typeof source === "string" ? parseJson(source) : source, "policy");
    checkDocument(document, kind);
    return document as unknown as PolicyDocument;
  } catch (error) {
    throw new OperatorError(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

function checkDocument(document: Members, kind: PolicyKind): void {
  refuseUnknown(document, ["Version", "Id", "Statement"], "policy");
  const { Version, Statement } = document;
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    throw new Error(`Version must be "2012-10-17" or "2008-10-17", not ${show(Version)}`);
  }
  if (Statement === undefined) throw new Error("policy has no Statement");
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0) throw new Error("Statement must not be empty");
  const sids = new Set<unknown>();
  for (const [index, value] of statements.entries()) {
    const name = `Statement[${index}]`;
    const statement = asObject(value, name);
    checkStatement(statement, name, kind);
    if (statement.Sid !== undefined && sids.has(statement.Sid)) {
      throw new Error(
        `${name}.Sid: Statement IDs (SID) in a single policy must be unique, not ${show(statement.Sid)} twice`,
      );
    }
    sids.add(statement.Sid);
  }
}

function checkStatement(statement: Members, name: string, kind: PolicyKind): void {
  refuseUnknown(statement, statementMembers, name);
  const { Sid, Effect } = statement;
  if (
    Sid !== undefined &&
    !(typeof Sid === "string" && (kind !== "identity" || /^[0-9A-Za-z]*$/.test(Sid)))
  ) {
    throw new Error(`${name}.Sid must be alpha-numeric, not ${show(Sid)}`);
  }
  if (Effect !== "Allow" && Effect !== "Deny") {
    throw new Error(`${name}.Effect must be "Allow" or "Deny", not ${show(Effect)}`);
  }
  checkPrincipals(statement, name, kind);
  checkOneOf(statement, ["Action", "NotAction"], name, "Policy statement must contain actions.", checkAction);
  checkResources(statement, name, kind);
  checkConditions(statement.Condition, name);
}

function checkResources(statement: Members, name: string, kind: PolicyKind): void {
  if (kind !== "trust") {
    const missing = "Policy statement must contain resources.";
    checkOneOf(statement, ["Resource", "NotResource"], name, missing, checkResource);
    return;
  }
  for (const member of ["Resource", "NotResource"]) {
    if (statement[member] !== undefined) throw new Error(`${name}.${member}: Has prohibited field ${member}`);
  }
}

function checkOneOf(
  statement: Members,
  members: readonly [string, string],
  name: string,
  missing: string,
  check: (value: string) => void,
): void {
  const [member, other] = members.filter((each) => statement[each] !== undefined);
  if (member === undefined) throw new Error(`${name}: ${missing}`);
  if (other !== undefined) throw new Error(`${name} has both ${member} and ${other}`);
  const values = asList(statement[member]);
  if (values.length === 0) throw new Error(`${name}.${member}: ${missing}`);
  for (const value of values) within(`${name}.${member}`, () => check(asString(value)));
}

function checkAction(action: string): void {
  if (action === "*" || action === "*:*" || /^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action)) return;
  throw new Error(
    action.includes(":")
      ? `"${action}" is not a valid action`
      : `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc., not "${action}"`,
  );
}

function checkResource(resource: string): void {
  refusePolicyVariables(resource);
  if (resource === "*") return;
  const parts = arnParts(resource);
  if (parts?.[0] !== "arn") throw new Error(`Resource ${resource} must be in ARN format or "*".`);
  const partition = parts[1] ?? "";
  if (!["aws", "aws-cn", "aws-us-gov"].some((each) => matchesWildcard(partition, each))) {
    throw new Error(`Partition "${partition}" is not valid for resource "${resource}".`);
  }
}

function checkPrincipals(statement: Members, name: string, kind: PolicyKind): void {
  const members = ["Principal", "NotPrincipal"].filter((member) => statement[member] !== undefined);
  const [member] = members;
  if (kind === "identity") {
    if (member === undefined) return;
    throw new Error(`${name}.${member}: Policy document should not specify a principal.`);
  }
  if (member === undefined) throw new Error(`${name} must contain Principal`);
  if (members.length > 1) throw new Error(`${name} has both Principal and NotPrincipal`);
  const principal = statement[member];
  if (principal === "*") return;
  within(`${name}.${member}`, () => {
    const entries = Object.entries(asObject(principal, "Principal"));
    if (entries.length === 0) throw new Error("Invalid principal in policy: {}");
    for (const [principalKind, identifiers] of entries) checkPrincipal(principalKind, identifiers);
  });
}

const principalKinds = new Map<string, RegExp>([
  ["AWS", /^(\*|\d{12}|arn:[a-z-]+:(iam|sts)::\d{12}:.+)$/],
  ["Service", /^([a-z0-9-]+\.)+amazonaws\.com(\.cn)?$/],
  ["Federated", /./],
  ["CanonicalUser", /./],
]);

function checkPrincipal(kind: string, identifiers: unknown): void {
  const form = principalKinds.get(kind);
  const values = asList(identifiers);
  const valid = values.length > 0 && values.every((value) => typeof value === "string" && form?.test(value));
  if (!valid) throw new Error(`Invalid principal in policy: "${kind}":${show(identifiers)}`);
}

function checkConditions(condition: unknown, name: string): void {
  if (condition === undefined) return;
  for (const [operator, block] of Object.entries(asObject(condition, `${name}.Condition`))) {
    within(`${name}.Condition`, () => {
      const entries = Object.entries(asObject(block, operator));
      if (entries.length === 0) throw new Error(`${operator} names no condition key`);
      for (const [key, values] of entries) {
        if (!key.includes(":")) throw new Error(`condition key "${key}" has no prefix such as "aws:"`);
        const list = asList(values);
        if (list.length === 0) throw new Error(`${operator} has no value for "${key}"`);
        for (const value of list) checkConditionValue(operator, asScalar(value));
      }
    });
  }
}

function within(path: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function refuseUnknown(members: Members, known: readonly string[], name: string): void {
  const unknown = Object.keys(members).find((member) => !known.includes(member));
  if (unknown !== undefined) {
    throw new Error(`${name} has an unknown member ${show(unknown)}: ${show(members[unknown])}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`policy is not JSON: ${show(text)}`);
  }
}

function asObject(value: unknown, name: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw new Error(`${name} must be an object, not ${show(value)}`);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function asString(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(`must be a string, not ${show(value)}`);
}

function asScalar(value: unknown): string {
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  throw new Error(`condition values must be strings, numbers or booleans, not ${show(value)}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
