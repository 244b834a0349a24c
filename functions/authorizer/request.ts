import { Refusal } from "./refusal.ts";
import type { AuthorizerSettings } from "./settings.ts";

/** Every value of every name, as the client spelled the names. */
export type MultiValues = Readonly<Record<string, readonly string[]>>;

/** What the authorizer reads of an event. */
export interface ConnectRequest {
  /** ARN of `$connect` at the stage that the client asked for. */
  readonly methodArn: string;
  readonly headers: MultiValues;
  readonly query: MultiValues;
}

/** Takes a REQUEST authorizer event of the guarded API's `$connect`, at any stage, and nothing else. */
export function readRequest(event: unknown, { executionArn }: AuthorizerSettings): ConnectRequest {
  const { type, methodArn, multiValueHeaders, multiValueQueryStringParameters } = Object(event);
  if (type !== "REQUEST" || !isConnect(methodArn, executionArn)) throw new Refusal("unexpected_event");
  return {
    methodArn,
    headers: multiValues(multiValueHeaders),
    query: multiValues(multiValueQueryStringParameters ?? {}),
  };
}

/** While the stage gets a new name, API Gateway serves both stages. */
function isConnect(methodArn: unknown, executionArn: string): boolean {
  if (typeof methodArn !== "string") return false;
  const [arn, stageName = "", ...routeKey] = methodArn.split("/");
  return arn === executionArn && /^[\w$-]+$/.test(stageName) && routeKey.join("/") === "$connect";
}

/** All values of a header, under any spelling of its name, each spelling counted. */
export function headerValues(headers: MultiValues, lowerCaseName: string): string[] {
  return Object.keys(headers)
    .filter((name) => name.toLowerCase() === lowerCaseName)
    .flatMap((name) => headers[name] ?? []);
}

function multiValues(value: unknown): MultiValues {
  const wellFormed =
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every(
      (list) => Array.isArray(list) && list.every((item) => typeof item === "string"),
    );
  if (!wellFormed) throw new Refusal("unexpected_event");
  return value as MultiValues;
}
