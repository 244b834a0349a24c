import { dependencyClosure, resourcesOfType } from "../../graph/resource-graph.ts";
import type { Rule } from "../rule.ts";

/** A deployment is a snapshot: a route or a response that comes after it is not served. */
export const routeDeployed: Rule = {
  name: "route-deployed",
  severity: "warning",
  check: (resource, surroundings) => {
    const deployments = resourcesOfType(surroundings, "aws:apigatewayv2/deployment:Deployment").filter(
      ({ id }) =>
        resourcesOfType(surroundings, "aws:apigatewayv2/stage:Stage").some(
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
};
