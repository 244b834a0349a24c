export type OneOrMany<T> = T | readonly T[];
export type Effect = "Allow" | "Deny";

/** Who a statement is about: everybody, or identifiers by kind, like `{ Service: "apigateway.amazonaws.com" }`. */
export type PolicyPrincipal = "*" | Readonly<Record<string, OneOrMany<string>>>;

/** Condition values by operator and condition key, like `{ ArnLike: { "aws:SourceArn": "arn:..." } }`. */
export type Condition = Readonly<
  Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>
>;

/** One statement as it stands in the JSON of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: Effect;
  readonly Principal?: PolicyPrincipal;
  readonly NotPrincipal?: PolicyPrincipal;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Condition;
}

/** A policy as it stands in JSON. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

/** Makes a list of a member that IAM lets stand alone or in an array. */
export function toList<T>(value: OneOrMany<T>): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** Throws on a policy variable such as `${aws:username}`: nothing here would fill it in. */
export function refusePolicyVariables(value: string): void {
  if (value.includes("${")) throw new Error(`policy variables are not supported: "${value}"`);
}
