import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const model = ["apigatewayv2/model:Model", "say"] as const;

export const refused: readonly RuleCase[] = [
  ...["say-it", "", "m".repeat(129)].map((name) => ({
    rule: "model-name",
    of: model,
    inputs: { name },
    says: `name is "${name}": BadRequestException: Model name must be alphanumeric: ${name} (and have up to 128 characters)`,
  })),
  {
    rule: "model-schema",
    of: model,
    inputs: { schema: "{" },
    says: `schema is "{": must be a JSON schema of draft 4: Expected property name or '}' in JSON at position 1 (line 1 column 2)`,
  },
  {
    rule: "model-schema",
    of: model,
    inputs: { schema: '{"type":"text"}' },
    says: String.raw`schema is "{\"type\":\"text\"}": must be a JSON schema of draft 4: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf`,
  },
  {
    rule: "model-size",
    of: model,
    inputs: { schema: `{"title":"${"é".repeat(16_379)}"}` },
    says: "schema in bytes is 32770: must be at most 32768",
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a schema of 32 KB", of: model, inputs: { schema: `{"title":"${"x".repeat(32_756)}"}` } },
];
