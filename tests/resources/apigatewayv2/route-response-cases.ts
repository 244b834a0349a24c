import type { RuleCase } from "../rule-case.ts";

const response = ["apigatewayv2/routeResponse:RouteResponse", "say"] as const;

const unheard = "what the function answers never reaches the client";

export const refused: readonly RuleCase[] = [
  {
    rule: "route-response-key",
    of: response,
    inputs: { routeResponseKey: "ok" },
    says: 'routeResponseKey is "ok": BadRequestException: Currently, only $default is supported as a RouteResponseKey.',
  },
  {
    rule: "route-response-unselected",
    of: response,
    alter: (resource) => {
      const { routeResponseSelectionExpression, ...inputs } = resource.inputs;
      return { ...resource, inputs };
    },
    says: `routeId is "{route}": without routeResponseSelectionExpression on route say, ${unheard}`,
  },
];
