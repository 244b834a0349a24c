import { functionPolicies } from "../../account/functions.ts";
import { dependencyClosure, type RecordedResource } from "../../graph/resource-graph.ts";
import { invokeArn } from "./api-gateway-authorizers.ts";
import { absent, matching, oneOf, optional } from "./property-checks.ts";
import type { Breach, Rule, Surroundings } from "./rule.ts";

const route = "apigatewayv2/route:Route";
const routeResponse = "apigatewayv2/routeResponse:RouteResponse";
const integrationResponse = "apigatewayv2/integrationResponse:IntegrationResponse";
const authorizer = "apigatewayv2/authorizer:Authorizer";
const integration = "apigatewayv2/integration:Integration";
const deployment = "apigatewayv2/deployment:Deployment";
const stage = "apigatewayv2/stage:Stage";

export const routeRules: readonly Rule[] = [
  {
    name: "route-key-prefix",
    types: [route],
    check: optional(
      "routeKey",
      matching(/^(\$connect|\$disconnect|\$default|[^$].*)$/),
      "only $connect, $disconnect and $default start with $",
    ),
  },
  {
    name: "route-key-length",
    types: [route],
    check: optional("routeKey", (key) => key.length <= 128, "must have at most 128 characters"),
  },
  {
    name: "route-exists",
    types: [route],
    check: ({ inputs: { apiId, routeKey } }, surroundings) =>
      ofType(route, surroundings).some(({ inputs }) => inputs.apiId === apiId && inputs.routeKey === routeKey)
        ? {
            property: "routeKey",
            value: routeKey,
            answer: `ConflictException: Route with key ${routeKey} already exists for this API`,
          }
        : undefined,
  },
  {
    name: "route-authorization-type",
    types: [route],
    check: optional(
      "authorizationType",
      oneOf("NONE", "AWS_IAM", "CUSTOM"),
      "a WebSocket API takes NONE, AWS_IAM or CUSTOM",
    ),
  },
  {
    name: "route-authorization-on-connect",
    types: [route],
    check: ({ inputs: { routeKey, authorizationType = "NONE" } }) =>
      routeKey !== "$connect" && authorizationType !== "NONE"
        ? {
            property: "authorizationType",
            value: authorizationType,
            answer: "BadRequestException: Currently, authorization is restricted to the $connect route only",
          }
        : undefined,
  },
  {
    name: "route-authorizer",
    types: [route],
    check: ({ inputs: { authorizationType, authorizerId, apiId } }, surroundings) =>
      authorizationType === "CUSTOM" &&
      !ofType(authorizer, surroundings).some(
        ({ id, inputs }) => id === authorizerId && inputs.apiId === apiId,
      )
        ? {
            property: "authorizerId",
            value: authorizerId,
            answer: `CUSTOM authorization takes an authorizer of API ${apiId}`,
          }
        : undefined,
  },
  {
    name: "route-authorization-explicit",
    types: [route],
    severity: "warning",
    check: ({ inputs: { authorizationType } }) =>
      authorizationType === undefined
        ? {
            property: "authorizationType",
            value: authorizationType,
            answer: "AWS takes it for NONE, and the provider may not see a change of it: say NONE",
          }
        : undefined,
  },
  {
    name: "route-http-only",
    types: [route],
    check: absent(["authorizationScopes"], () => "only HTTP APIs have it"),
  },
  {
    name: "route-target",
    types: [route],
    check: optional(
      "target",
      matching(/^integrations\/[^/]+$/),
      "BadRequestException: Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.",
    ),
  },
  {
    name: "route-models",
    types: [route],
    check: ({ inputs: { apiId, requestModels = {} } }, surroundings) => {
      const models = ofType("apigatewayv2/model:Model", surroundings).filter(
        ({ inputs }) => inputs.apiId === apiId,
      );
      const unknown = Object.entries(requestModels).find(
        ([, name]) => !models.some(({ inputs }) => inputs.name === name),
      );
      return (
        unknown && {
          property: `requestModels[${JSON.stringify(unknown[0])}]`,
          value: unknown[1],
          answer: `API ${apiId} has no model of that name`,
        }
      );
    },
  },
  {
    name: "route-model-selection",
    types: [route],
    severity: "warning",
    check: ({ inputs: { requestModels, modelSelectionExpression } }) =>
      requestModels && !modelSelectionExpression
        ? {
            property: "modelSelectionExpression",
            value: modelSelectionExpression,
            answer: "no message is checked against requestModels",
          }
        : undefined,
  },
  {
    name: "route-response-selection",
    types: [route],
    check: optional("routeResponseSelectionExpression", oneOf("$default"), "must be $default"),
  },
  {
    name: "route-response-key",
    types: [routeResponse],
    check: optional(
      "routeResponseKey",
      oneOf("$default"),
      "BadRequestException: Currently, only $default is supported as a RouteResponseKey.",
    ),
  },
  {
    // A function may answer nothing, which no rule can see: the wish for replies is what shows.
    name: "route-response-missing",
    types: [route],
    severity: "warning",
    check: ({ id, inputs: { routeResponseSelectionExpression } }, surroundings) =>
      routeResponseSelectionExpression &&
      !ofType(routeResponse, surroundings).some(({ inputs }) => inputs.routeId === id)
        ? {
            property: "routeResponseSelectionExpression",
            value: routeResponseSelectionExpression,
            answer: "without a RouteResponse, what the function answers never reaches the client",
          }
        : undefined,
  },
  {
    // Unconfirmed whether AWS refuses such a response.
    name: "route-response-unselected",
    types: [routeResponse],
    severity: "warning",
    check: ({ inputs: { routeId } }, surroundings) => {
      const owner = ofType(route, surroundings).find(({ id }) => id === routeId);
      return owner && !owner.inputs.routeResponseSelectionExpression
        ? {
            property: "routeId",
            value: routeId,
            answer: `without routeResponseSelectionExpression on route ${owner.inputs.routeKey}, what the function answers never reaches the client`,
          }
        : undefined;
    },
  },
  {
    name: "route-deployed",
    types: [route, routeResponse, integrationResponse],
    severity: "warning",
    check: (resource, surroundings) => {
      const deployments = ofType(deployment, surroundings).filter(({ id }) =>
        ofType(stage, surroundings).some(
          ({ inputs }) =>
            inputs.apiId === resource.inputs.apiId && inputs.deploymentId === id && !inputs.autoDeploy,
        ),
      );
      const early = deployments.find(({ urn }) => !dependencyClosure(surroundings, urn).has(resource.urn));
      const { inputs } = resource;
      const keys = ["routeKey", "routeResponseKey", "integrationResponseKey"] as const;
      const property = keys.find((key) => inputs[key] !== undefined) ?? "apiId";
      return (
        early && {
          property,
          value: resource.inputs[property],
          answer: `deployment "${early.name}" does not depend on it, so it may be made too early and not hold it: add it to dependsOn`,
        }
      );
    },
  },
  {
    name: "route-permission",
    types: [route],
    severity: "warning",
    check: ({ inputs: { apiId, routeKey, target } }, surroundings) => {
      const called = ofType(integration, surroundings).find(({ id }) => `integrations/${id}` === target);
      if (!called || called.inputs.credentialsArn) return undefined;
      const sources = ofType(stage, surroundings)
        .filter(({ inputs }) => inputs.apiId === apiId)
        .map(({ outputs }) => `${outputs.executionArn}/${routeKey}`);
      return forbidden(called, "integrationUri", sources, surroundings, {
        property: "target",
        value: target,
      });
    },
  },
  {
    name: "authorizer-permission",
    types: [authorizer],
    severity: "warning",
    check: (resource, surroundings) => {
      const { authorizerUri, authorizerCredentialsArn, apiId } = resource.inputs;
      if (authorizerCredentialsArn) return undefined;
      const sources = ofType("apigatewayv2/api:Api", surroundings)
        .filter(({ id }) => id === apiId)
        .map(({ outputs }) => `${outputs.executionArn}/authorizers/${resource.id}`);
      return forbidden(resource, "authorizerUri", sources, surroundings, {
        property: "authorizerUri",
        value: authorizerUri,
      });
    },
  },
];

function ofType(type: string, { resources }: Surroundings): RecordedResource[] {
  return resources.filter((resource) => resource.type === `aws:${type}`);
}

/** The breach, if no Lambda permission lets API Gateway call the program's own function for one of the sources. */
function forbidden(
  { inputs }: RecordedResource,
  uri: "integrationUri" | "authorizerUri",
  sources: readonly string[],
  surroundings: Surroundings,
  breach: Pick<Breach, "property" | "value">,
): Breach | undefined {
  const functionArn = invokeArn.exec(inputs[uri])?.[1];
  const isOwn = ofType("lambda/function:Function", surroundings).some(
    ({ outputs }) => outputs.arn === functionArn,
  );
  if (functionArn === undefined || !isOwn) return undefined;
  const permits = functionPolicies(surroundings);
  const source = sources.find((sourceArn) => !permits(functionArn, sourceArn));
  return source === undefined
    ? undefined
    : { ...breach, answer: `no Lambda permission lets API Gateway call ${functionArn} for ${source}` };
}
