import type { Alter } from "../../altered-graph.ts";
import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const deployment = ["apigatewayv2/deployment:Deployment", "chat"] as const;

/** The program without routes of its API. */
const withoutRoutes: Alter = (resource) =>
  resource.type.endsWith(":Route") || resource.type.endsWith(":RouteResponse") ? undefined : resource;

export const refused: readonly RuleCase[] = [
  {
    rule: "deployment-routes",
    of: deployment,
    alter: withoutRoutes,
    says: 'apiId is "{api}": BadRequestException: At least one route is required before deploying the Api.',
  },
  {
    rule: "deployment-routes",
    of: deployment,
    inputs: { apiId: "another" },
    says: 'apiId is "another": BadRequestException: At least one route is required before deploying the Api.',
  },
  ...[undefined, {}].map((triggers) => ({
    rule: "deployment-triggers",
    of: deployment,
    inputs: { triggers },
    says: `triggers is ${triggers ? "{}" : "not set"}: a route that changes later is not deployed again: hash what the routes are made of`,
  })),
];

export const accepted: readonly AcceptedCase[] = [
  {
    what: "a route that a stage deploys by itself",
    of: deployment,
    alter: (resource) => {
      if (resource.type.endsWith(":Deployment")) return undefined;
      const { deploymentId, ...inputs } = resource.inputs;
      return resource.type.endsWith(":Stage")
        ? { ...resource, inputs: { ...inputs, autoDeploy: true } }
        : resource;
    },
  },
];
