import type { Properties } from "../../local/graph/resource-graph.ts";
import type { RunArgs, Subject } from "./rule-program.ts";

/** One way to break a rule. */
export interface RuleCase extends RunArgs {
  readonly rule: string;
  /** The resource that the message names. */
  readonly of: Subject;
  /** Other inputs of that resource, in place of `alter`; undefined takes one out. */
  readonly inputs?: Properties;
  /** The message behind the resource. `{api}` and other words in braces stand for ids that the program gets. */
  readonly says: string;
}

/** What rules take, at their limits. */
export interface AcceptedCase extends RunArgs {
  readonly what: string;
  readonly of: Subject;
  readonly inputs?: Properties;
}

/** What AWS answers to a member of a request that is not as it must be. */
export function constraint(exception: string, value: unknown, member: string, text: string): string {
  return `${exception}: 1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${text}`;
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 200)}...` : json;
}
