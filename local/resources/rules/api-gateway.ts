import Ajv from "ajv-draft-04";
import { invokeArn } from "./api-gateway-authorizers.ts";
import { absent, matching, oneOf, optional, required } from "./property-checks.ts";
import type { Rule } from "./rule.ts";

const api = ["apigatewayv2/api:Api"];
const integration = ["apigatewayv2/integration:Integration"];
const model = ["apigatewayv2/model:Model"];

/** What an API may have at most (developer guide, "Quotas for configuring and running a WebSocket API"). */
const quotas = [
  { what: "routes", type: "aws:apigatewayv2/route:Route", most: 300 },
  { what: "integrations", type: "aws:apigatewayv2/integration:Integration", most: 300 },
  { what: "stages", type: "aws:apigatewayv2/stage:Stage", most: 10 },
  { what: "authorizers", type: "aws:apigatewayv2/authorizer:Authorizer", most: 10 },
];

/** It keeps no schema, as two APIs may have models of one id. */
const ajv = new Ajv.default({ strict: false, addUsedSchema: false });
const maxSchemaBytes = 32 * 1024;

/** The API itself, its integrations and its models. */
export const apiRules: readonly Rule[] = [
  {
    name: "api-name",
    types: api,
    check: optional("name", matching(/^.{1,128}$/), "must have 1 to 128 characters"),
  },
  {
    name: "api-route-selection",
    types: api,
    check: (resource, surroundings) =>
      resource.inputs.protocolType === "WEBSOCKET"
        ? required(
            "routeSelectionExpression",
            Boolean,
            "BadRequestException: Invalid routeSelectionExpression",
          )(resource, surroundings)
        : undefined,
  },
  {
    name: "api-http-only",
    types: api,
    check: (resource, surroundings) =>
      resource.inputs.protocolType === "WEBSOCKET"
        ? absent(
            ["corsConfiguration", "credentialsArn", "routeKey", "target"],
            () => "only HTTP APIs have it",
          )(resource, surroundings)
        : undefined,
  },
  {
    name: "api-ip-address-type",
    types: api,
    check: optional("ipAddressType", oneOf("ipv4", "dualstack"), "must be ipv4 or dualstack"),
  },
  {
    name: "api-quotas",
    types: api,
    judged: "afterwards",
    check: ({ id }, { resources }) => {
      for (const { what, type, most } of quotas) {
        const count = resources.filter(
          ({ type: other, inputs }) => other === type && inputs.apiId === id,
        ).length;
        if (count > most)
          return { property: `number of ${what}`, value: count, answer: `an API may have at most ${most}` };
      }
      return undefined;
    },
  },
  {
    name: "integration-uri",
    types: integration,
    check: ({ inputs: { integrationType, integrationUri } }) =>
      integrationType === "AWS_PROXY" && !invokeArn.test(integrationUri)
        ? {
            property: "integrationUri",
            value: integrationUri,
            answer:
              "BadRequestException: Invalid integration URI specified (a WebSocket API calls a function by its invoke ARN, invokeArn)",
          }
        : undefined,
  },
  {
    // Unconfirmed whether AWS refuses another method, or takes it and fails at each call.
    name: "integration-method",
    types: integration,
    check: ({ inputs: { integrationType, integrationMethod } }) =>
      integrationType === "AWS_PROXY" && integrationMethod !== "POST"
        ? {
            property: "integrationMethod",
            value: integrationMethod,
            answer: "functions are called with POST",
          }
        : undefined,
  },
  {
    name: "integration-timeout",
    types: integration,
    check: optional(
      "timeoutMilliseconds",
      (ms) => ms >= 50 && ms <= 29_000,
      "BadRequestException: Timeout should be between 50 ms and 29000 ms",
    ),
  },
  {
    name: "integration-payload-version",
    types: integration,
    check: optional(
      "payloadFormatVersion",
      oneOf("1.0"),
      (version) => `BadRequestException: Unsupported PayloadFormatVersion: ${version}`,
    ),
  },
  {
    name: "integration-http-only",
    types: integration,
    check: absent(["integrationSubtype", "responseParameters", "tlsConfig"], () => "only HTTP APIs have it"),
  },
  {
    name: "model-name",
    types: model,
    check: required(
      "name",
      matching(/^[A-Za-z0-9]{1,128}$/),
      (name) =>
        `BadRequestException: Model name must be alphanumeric: ${name} (and have up to 128 characters)`,
    ),
  },
  {
    name: "model-schema",
    types: model,
    check: ({ inputs: { schema } }) => {
      try {
        ajv.compile(JSON.parse(schema));
        return undefined;
      } catch (error) {
        const { message } = error as Error;
        return { property: "schema", value: schema, answer: `must be a JSON schema of draft 4: ${message}` };
      }
    },
  },
  {
    name: "model-size",
    types: model,
    check: ({ inputs: { schema } }) => {
      const bytes = Buffer.byteLength(schema);
      return bytes > maxSchemaBytes
        ? { property: "schema in bytes", value: bytes, answer: `must be at most ${maxSchemaBytes}` }
        : undefined;
    },
  },
];
