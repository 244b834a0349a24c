import { OperatorError } from "../operator-error.ts";
import { compileJsonPath } from "./json-path.ts";
import type { Message } from "./message.ts";

/** What a mapping template reads. */
export interface TemplateScope {
  /** The message, or the function's answer. */
  readonly input: Message;
  /** The event's `requestContext`. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** Renders a template. @throws {Error} where it reads JSON and the input is none */
export type MappingTemplate = (scope: TemplateScope) => string;

const served =
  "$input.body, $input.json('<path>'), $input.path('<path>'), $context.<name>, $stageVariables.<name> and $util.escapeJavaScript(<one of these>)";

/** Variables of $context that a WebSocket API documents and local requests have. */
const contextName =
  /^(apiId|connectedAt|connectionId|domainName|eventType|extendedRequestId|identity\.(sourceIp|userAgent)|messageId|requestId|requestTime|requestTimeEpoch|routeKey|stage|authorizer\.[\w-]+)$/;

const source = String.raw`input\.body(?![\w-])|input\.(?:json|path)\((?:'[^']*'|"[^"]*")\)|context(?:\.\w[\w-]*)+(?![\w-])|stageVariables(?:\.\w[\w-]*(?![\w-])|\['[^']+'\])`;
const value = String.raw`\$!?(?:\{(?:${source})\}|(?:${source}))`;
const escaped = String.raw`util\.escapeJavaScript\(\s*${value}\s*\)`;
/** A reference; one without braces may not go on, as it would with a method or an index. */
const reference = String.raw`\$!?(?:\{(?:${source}|${escaped})\}|(?:${source}|${escaped})(?!\.\w|\[|\())`;

/**
 * Reads the part of the Velocity Template Language that is served locally: static text, and references to the input,
 * the context and stage variables.
 * @param where whose template it is, like `integration "say"`
 * @throws {OperatorError} that names whatever else the template uses
 */
export function compileTemplate(template: string, where: string): MappingTemplate {
  const refuse = (what: string): never => {
    throw new OperatorError(
      `${where}: ${what} in a mapping template is not emulated locally, only static text, ${served}: write it with these, or leave it out when you run locally`,
    );
  };
  const readers: MappingTemplate[] = [];
  let end = 0;
  const takeText = (text: string) => {
    const other = /\\[$#]|##|#\*|#\[|#@?\{?[a-zA-Z]+|\$!?\{?[a-zA-Z][\w.]*(\('[^']*'?\)?)?/.exec(text);
    if (other) refuse(other[0]);
    readers.push(() => text);
  };
  for (const { 0: text, index } of template.matchAll(new RegExp(reference, "g"))) {
    if (template[index - 1] === "\\") refuse("\\$");
    takeText(template.slice(end, index));
    readers.push(compileReference(text, refuse));
    end = index + text.length;
  }
  takeText(template.slice(end));
  return (scope) => readers.map((read) => read(scope)).join("");
}

function compileReference(text: string, refuse: (what: string) => never): MappingTemplate {
  const inner = /escapeJavaScript\(\s*(.*?)\s*\)\}?$/.exec(text)?.[1];
  if (inner !== undefined) {
    const read = compileReference(inner, refuse);
    return (scope) => escapeJavaScript(read(scope));
  }
  const [, kind = "", rest = ""] =
    /^\$!?\{?(input|context|stageVariables)\W'?(.*?)(?:'\])?\}?$/.exec(text) ?? [];
  if (kind === "stageVariables")
    return ({ stageVariables }) => (Object.hasOwn(stageVariables, rest) ? (stageVariables[rest] ?? "") : "");
  if (kind === "context") {
    if (!contextName.test(rest)) refuse(text);
    const read = compileJsonPath(`$.${rest}`) ?? refuse(text);
    return ({ context }) => String(read(context) ?? "");
  }
  if (rest === "body") return ({ input }) => input.text;
  const [, method, path = ""] = /^(json|path)\(.(.*).\)$/.exec(rest) ?? [];
  const read = compileJsonPath(path) ?? refuse(text);
  const write = method === "json" ? asJson : asText;
  return ({ input }) => write(read(jsonOf(input)));
}

/** An event without a body reads as an empty object, and what is no JSON fails the integration; both unconfirmed. */
function jsonOf({ text, json }: Message): unknown {
  if (text === "") return {};
  if (json === undefined) throw new Error("the template reads JSON, and there is none");
  return json;
}

/** A missing value is an empty JSON string, as REST APIs are seen to write it; unconfirmed for WebSocket APIs. */
function asJson(value: unknown): string {
  return JSON.stringify(value ?? "");
}

/** As Velocity writes Java's values: a map is `{a=1, b=2}`. */
function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return `[${value.map(asText).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${asText(member)}`)
    .join(", ")}}`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Apache Commons' `escapeEcmaScript`: quotes, slashes and whatever is not printable ASCII. */
function escapeJavaScript(text: string): string {
  return text.replace(/['"\\/]|[^ -~]/g, (letter) => {
    if (/['"\\/]/.test(letter)) return `\\${letter}`;
    const code = letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return shortEscapes[letter] ?? `\\u${code}`;
  });
}
