import {
  type Properties,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { readFunctionTarget } from "./function-target.ts";
import type { Integration, IntegrationResponse, Mappings, TemplateSet } from "./integration.ts";
import { compileTemplate } from "./mapping-template.ts";
import { compileSelection } from "./selection-expression.ts";

const defaultTimeoutMs = 29_000;
/** The key of the template that is taken without a selection expression, as in AWS's own example; unconfirmed. */
const unselectedTemplateKey = "application/json";

/** What local mode does not emulate, on any integration, and on proxies, for which AWS has no use for it. */
const refused = ["contentHandlingStrategy", "requestParameters", "connectionType", "connectionId"];
const refusedOnProxies = ["requestTemplates", "templateSelectionExpression", "passthroughBehavior"];
/** AWS's own defaults, which a program may spell out. */
const harmless: readonly unknown[] = ["INTERNET", "WHEN_NO_MATCH"];

/** @throws {OperatorError} that names the integration, what local mode cannot serve of it, and what to do */
export function readIntegration(
  graph: ResourceGraph,
  integration: RecordedResource,
  sourceArn: string,
): Integration {
  const { inputs } = integration;
  const { integrationType: type, timeoutMilliseconds: timeoutMs = defaultTimeoutMs } = inputs;
  const where = `integration "${integration.name}"`;
  if (!["AWS_PROXY", "AWS", "MOCK"].includes(type))
    throw new OperatorError(
      `${where}: integrationType ${type} is not emulated locally, only AWS_PROXY and AWS with a function, and MOCK: use one of these, or leave it out when you run locally`,
    );
  refuse(where, inputs, refused);
  if (type === "AWS_PROXY") refuse(where, inputs, refusedOnProxies);
  if (type === "MOCK") {
    refuse(where, inputs, ["credentialsArn"]);
    return { type, ...readMappings(graph, integration) };
  }
  const { integrationUri: uri, credentialsArn } = inputs;
  const target = readFunctionTarget(graph, { uri, credentialsArn, sourceArn, where });
  return type === "AWS_PROXY"
    ? { type, target, timeoutMs }
    : { type, target, timeoutMs, ...readMappings(graph, integration) };
}

function refuse(where: string, inputs: Properties, properties: readonly string[]) {
  const property = properties.find((name) => isSet(inputs[name]) && !harmless.includes(inputs[name]));
  if (property)
    throw new OperatorError(
      `${where}: ${property} ${JSON.stringify(inputs[property])} is not emulated locally: leave it out when you run locally`,
    );
}

function isSet(value: unknown): boolean {
  return value !== undefined && (typeof value !== "object" || Object.keys(Object(value)).length > 0);
}

function readMappings(graph: ResourceGraph, { id, name, inputs }: RecordedResource): Mappings {
  const {
    passthroughBehavior = "WHEN_NO_MATCH",
    requestTemplates = {},
    templateSelectionExpression,
  } = inputs;
  const hasTemplates = Object.keys(requestTemplates).length > 0;
  return {
    request: readTemplates(requestTemplates, templateSelectionExpression, `integration "${name}"`),
    passesThrough:
      passthroughBehavior === "WHEN_NO_MATCH" ||
      (passthroughBehavior === "WHEN_NO_TEMPLATES" && !hasTemplates),
    responses: resourcesOfType(graph, "aws:apigatewayv2/integrationResponse:IntegrationResponse")
      .filter((response) => response.inputs.integrationId === id)
      .map((response) => readResponse(response, inputs.integrationType === "MOCK")),
  };
}

function readResponse(response: RecordedResource, isMock: boolean): IntegrationResponse {
  const { name, inputs } = response;
  const { integrationResponseKey: key, responseTemplates = {}, templateSelectionExpression } = inputs;
  const where = `integration response "${name}"`;
  refuse(where, inputs, ["contentHandlingStrategy"]);
  const input = Object.values<string>(responseTemplates).find((template) => /\$!?\{?input\b/.test(template));
  if (isMock && input !== undefined)
    throw new OperatorError(
      `${where}: $input in a mapping template is not emulated locally for the answer of a MOCK integration, as what it reads is unconfirmed: use $context, or leave it out when you run locally`,
    );
  const [, pattern] = /^\/(.*)\/$/.exec(key) ?? [];
  // The whole text must fit, as for REST APIs; unconfirmed for WebSocket APIs.
  const expression = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, "s");
  return {
    isDefault: key === "$default",
    // Without slashes, a key is the text itself: AWS's own example is 200.
    fits: (outcome) => expression?.test(outcome) ?? outcome === key,
    templates: readTemplates(responseTemplates, templateSelectionExpression, where),
  };
}

function readTemplates(
  templates: Readonly<Record<string, string>>,
  selectionExpression: string | undefined,
  where: string,
): TemplateSet {
  return {
    select: compileSelection(selectionExpression ?? unselectedTemplateKey, where),
    templates: new Map(
      Object.entries(templates).map(([key, template]) => [key, compileTemplate(template, where)]),
    ),
  };
}
