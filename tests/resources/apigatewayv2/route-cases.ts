import type { Alter } from "../../altered-graph.ts";
import type { AcceptedCase, RuleCase } from "../rule-case.ts";
import { dropped } from "../rule-program.ts";

const connect = ["apigatewayv2/route:Route", "connect"] as const;

const route = ["apigatewayv2/route:Route", "say"] as const;

const response = ["apigatewayv2/routeResponse:RouteResponse", "say"] as const;

const unheard = "what the function answers never reaches the client";

const permission = (name: string) => ["lambda/permission:Permission", name] as const;

/** The program with another key of its route, where the stage and the permission name it too. */
function withRouteKey(routeKey: string): Alter {
  return (resource) => {
    const { type, name, inputs } = resource;
    if (type === `aws:${route[0]}` && name === "say") return { ...resource, inputs: { ...inputs, routeKey } };
    if (type.endsWith(":Stage"))
      return {
        ...resource,
        inputs: { ...inputs, routeSettings: [{ ...inputs.routeSettings[0], routeKey }] },
      };
    return type.endsWith(":Permission")
      ? {
          ...resource,
          inputs: { ...inputs, sourceArn: inputs.sourceArn.replace("/live/say", `/live/${routeKey}`) },
        }
      : resource;
  };
}

export const refused: readonly RuleCase[] = [
  {
    rule: "route-exists",
    of: ["apigatewayv2/route:Route", "twin"],
    more: 'new aws.apigatewayv2.Route("twin", { apiId, routeKey: "say", authorizationType: "NONE" }, { dependsOn: say });',
    says: 'routeKey is "say": ConflictException: Route with key say already exists for this API',
  },
  {
    rule: "route-key-prefix",
    of: connect,
    inputs: { routeKey: "$say" },
    says: 'routeKey is "$say": only $connect, $disconnect and $default start with $',
  },
  {
    rule: "route-key-length",
    of: route,
    inputs: { routeKey: "k".repeat(129) },
    says: `routeKey is "${"k".repeat(129)}": must have at most 128 characters`,
  },
  {
    rule: "route-authorization-type",
    of: connect,
    inputs: { authorizationType: "JWT" },
    says: 'authorizationType is "JWT": a WebSocket API takes NONE, AWS_IAM or CUSTOM',
  },
  ...["CUSTOM", "AWS_IAM"].map((authorizationType) => ({
    rule: "route-authorization-on-connect",
    of: route,
    inputs: { authorizationType },
    says: `authorizationType is "${authorizationType}": BadRequestException: Currently, authorization is restricted to the $connect route only`,
  })),
  {
    rule: "route-authorizer",
    of: connect,
    inputs: { authorizerId: undefined },
    says: "authorizerId is not set: CUSTOM authorization takes an authorizer of API {api}",
  },
  {
    rule: "route-authorizer",
    of: connect,
    inputs: { authorizerId: "another" },
    says: 'authorizerId is "another": CUSTOM authorization takes an authorizer of API {api}',
  },
  {
    rule: "route-authorization-explicit",
    of: route,
    inputs: { authorizationType: undefined },
    says: "authorizationType is not set: AWS takes it for NONE, and the provider may not see a change of it: say NONE",
  },
  {
    rule: "route-http-only",
    of: connect,
    inputs: { authorizationScopes: ["orders"] },
    says: 'authorizationScopes is ["orders"]: only HTTP APIs have it',
  },
  {
    rule: "route-target",
    of: route,
    inputs: { target: "abc1234" },
    says: 'target is "abc1234": BadRequestException: Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.',
  },
  {
    rule: "route-models",
    of: route,
    inputs: { requestModels: { say: "shout" } },
    says: 'requestModels["say"] is "shout": API {api} has no model of that name',
  },
  {
    rule: "route-model-selection",
    of: route,
    inputs: { modelSelectionExpression: undefined },
    says: "modelSelectionExpression is not set: no message is checked against requestModels",
  },
  {
    rule: "route-response-selection",
    of: route,
    inputs: { routeResponseSelectionExpression: "$request.body.reply" },
    says: 'routeResponseSelectionExpression is "$request.body.reply": must be $default',
  },
  {
    rule: "route-response-missing",
    of: route,
    alter: dropped(response),
    says: `routeResponseSelectionExpression is "$default": without a RouteResponse, ${unheard}`,
  },
  {
    rule: "route-permission",
    of: route,
    alter: dropped(permission("say")),
    says: 'target is "{target}": no Lambda permission lets API Gateway call {function} for {execution}/live/say',
  },
];

export const accepted: readonly AcceptedCase[] = [
  ...["$disconnect", "$default", "k".repeat(128)].map((routeKey) => ({
    what: `the route key ${routeKey}`,
    of: route,
    alter: withRouteKey(routeKey),
  })),
  {
    what: "an IAM authorized $connect",
    of: connect,
    inputs: { authorizationType: "AWS_IAM", authorizerId: undefined },
  },
  {
    what: "a route without models, and without replies",
    of: route,
    alter: (resource) => {
      if (resource.type.endsWith(":RouteResponse")) return undefined;
      const { requestModels, modelSelectionExpression, routeResponseSelectionExpression, ...inputs } =
        resource.inputs;
      return { ...resource, inputs };
    },
  },
];
