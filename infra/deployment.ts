import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FormerResource } from "./own-state.ts";
import type { Route } from "./route.ts";

export interface DeploymentArgs {
  readonly api: aws.apigatewayv2.Api;
  /** The authorizer's inputs. */
  readonly authorizerArgs: aws.apigatewayv2.AuthorizerArgs;
  readonly routes: readonly Route[];
  /** What must be there before clients reach the routes. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** What the stack had before this run. */
  readonly former: readonly FormerResource[];
}

/** Kind of a snapshot's part to its resource type. */
const partTypes = {
  authorizer: "aws:apigatewayv2/authorizer:Authorizer",
  integration: "aws:apigatewayv2/integration:Integration",
  model: "aws:apigatewayv2/model:Model",
  response: "aws:apigatewayv2/routeResponse:RouteResponse",
  route: "aws:apigatewayv2/route:Route",
};

/**
 * The snapshot that API Gateway serves: every change to a route, the authorizer or what the API serves makes a new one.
 * Pulumi deletes what left the program after it has created everything else, so the snapshot of the same update still
 * holds it. That snapshot is marked, which makes the next update create another one.
 * @throws {pulumi.RunError} if a route key moves from one route to another
 */
export function createDeployment(args: DeploymentArgs): aws.apigatewayv2.Deployment {
  const { api, authorizerArgs, routes, former, dependsOn } = args;
  requireKeysStay(routes, former);
  const leaving = leavingParts(routes, former);
  if (leaving.length > 0)
    pulumi.log.warn(
      `the stage serves what leaves the program until the next update: ${leaving.join(", ")}. Then run npx pulumi up once more`,
    );
  const definition = pulumi.jsonStringify({
    api: {
      routeSelectionExpression: api.routeSelectionExpression,
      disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    },
    authorizer: authorizerArgs,
    // In an order that does not depend on that of the program.
    routes: routes
      .toSorted((one, other) => (one.routeKey < other.routeKey ? -1 : 1))
      .map((route) => route.definition),
    ...(leaving.length > 0 && { leaving }),
  });
  return new aws.apigatewayv2.Deployment(
    "websocket",
    {
      apiId: api.id,
      triggers: { definition: definition.apply((text) => createHash("sha256").update(text).digest("hex")) },
    },
    { dependsOn: [...dependsOn, ...routes] },
  );
}

/** Parts of a snapshot that the stack has and the program declares no more, like `route whoami`. */
function leavingParts(routes: readonly Route[], former: readonly FormerResource[]): string[] {
  const declared = new Set([
    "authorizer cognito",
    ...routes.flatMap(({ names, parts }) => names.flatMap((name) => parts.map((part) => `${part} ${name}`))),
  ]);
  const had = Object.entries(partTypes).flatMap(([part, type]) =>
    former.filter((resource) => resource.type === type).map(({ name }) => `${part} ${name}`),
  );
  return had.filter((part) => !declared.has(part)).sort();
}

/** AWS refuses a second route with a key, and Pulumi creates and changes routes before it deletes any. */
function requireKeysStay(routes: readonly Route[], former: readonly FormerResource[]): void {
  const problems = routes.flatMap(({ names: [name, ...formerNames], routeKey }) => {
    const holder = former.find(
      ({ type, outputs }) => type === partTypes.route && outputs.routeKey === routeKey,
    );
    if (!holder || [name, ...formerNames].includes(holder.name)) return [];
    return [
      `  ${routeKey} belongs to the route "${holder.name}", and would move to "${name}": to rename the route, add { aliases: [{ name: "${holder.name}" }] } as the last argument of new Route("${name}", …); to give its key to another route, first run npx pulumi up with a free key, or without the route "${holder.name}"`,
    ];
  });
  if (problems.length > 0)
    throw new pulumi.RunError(`API Gateway refuses two routes with one key:\n${problems.join("\n")}`);
}
