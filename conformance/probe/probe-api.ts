import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface Called {
  readonly handler: aws.lambda.Function;
  /** Whether API Gateway may call it. Default: true. */
  readonly permitted?: boolean;
}

interface ProbeRoute extends Partial<Called> {
  /** Whether the function's body goes back to the client. */
  readonly replies?: boolean;
  /** How long API Gateway waits for the function. Default: 29 s. */
  readonly timeoutMs?: number;
}

export interface ProbeApiArgs {
  /** Default: the member `action`. */
  readonly routeSelectionExpression?: string;
  readonly authorizer?: Called & { readonly identitySources?: string[] };
  /** By route key. Without a handler, a route has no integration. */
  readonly routes: Readonly<Record<string, ProbeRoute>>;
  /** A throttle for $connect of its own, with as many at once. */
  readonly connectionsPerSecond?: number;
}

/** A WebSocket API with a stage of its own name: local mode tells APIs apart by their stages. */
export class ProbeApi {
  readonly name: string;
  readonly url: pulumi.Output<string>;
  readonly stageArn: pulumi.Output<string>;
  readonly #api: aws.apigatewayv2.Api;
  readonly #snapshot: pulumi.Resource[] = [];

  constructor(name: string, args: ProbeApiArgs) {
    this.name = name;
    this.#api = new aws.apigatewayv2.Api(name, {
      protocolType: "WEBSOCKET",
      routeSelectionExpression: args.routeSelectionExpression ?? "$request.body.action",
    });
    this.stageArn = pulumi.interpolate`${this.#api.executionArn}/${name}`;
    const authorizerId = args.authorizer && this.#authorizer(args.authorizer);
    for (const [routeKey, route] of Object.entries(args.routes)) this.#route(routeKey, route, authorizerId);
    this.url = this.#stage(args).invokeUrl;
  }

  #authorizer({ handler, permitted = true, identitySources }: NonNullable<ProbeApiArgs["authorizer"]>) {
    const authorizer = new aws.apigatewayv2.Authorizer(this.name, {
      apiId: this.#api.id,
      authorizerType: "REQUEST",
      authorizerUri: handler.invokeArn,
      ...(identitySources && { identitySources }),
    });
    if (permitted)
      this.#permit(
        "authorizer",
        handler,
        pulumi.interpolate`${this.#api.executionArn}/authorizers/${authorizer.id}`,
      );
    return authorizer.id;
  }

  #route(routeKey: string, route: ProbeRoute, authorizerId: pulumi.Output<string> | undefined) {
    const name = `${this.name}-${routeKey.replace("$", "")}`;
    const apiId = this.#api.id;
    const { handler, permitted = true, replies, timeoutMs } = route;
    if (handler && permitted)
      this.#permit(routeKey.replace("$", ""), handler, pulumi.interpolate`${this.stageArn}/${routeKey}`);
    const integration =
      handler &&
      new aws.apigatewayv2.Integration(name, {
        apiId,
        integrationType: "AWS_PROXY",
        integrationMethod: "POST",
        integrationUri: handler.invokeArn,
        ...(timeoutMs !== undefined && { timeoutMilliseconds: timeoutMs }),
      });
    const deployed = new aws.apigatewayv2.Route(name, {
      apiId,
      routeKey,
      ...(routeKey === "$connect" && authorizerId
        ? { authorizationType: "CUSTOM", authorizerId }
        : { authorizationType: "NONE" }),
      ...(integration && { target: pulumi.interpolate`integrations/${integration.id}` }),
      ...(replies && { routeResponseSelectionExpression: "$default" }),
    });
    this.#snapshot.push(deployed);
    if (replies)
      this.#snapshot.push(
        new aws.apigatewayv2.RouteResponse(name, {
          apiId,
          routeId: deployed.id,
          routeResponseKey: "$default",
        }),
      );
  }

  #permit(what: string, { name }: aws.lambda.Function, sourceArn: pulumi.Output<string>) {
    this.#snapshot.push(
      new aws.lambda.Permission(`${this.name}-permits-${what}`, {
        action: "lambda:InvokeFunction",
        function: name,
        principal: "apigateway.amazonaws.com",
        sourceArn,
      }),
    );
  }

  #stage({ routes, authorizer, routeSelectionExpression, connectionsPerSecond }: ProbeApiArgs) {
    const definition = JSON.stringify(
      [routeSelectionExpression, authorizer?.identitySources, routes],
      (key, value) => (key === "handler" ? undefined : value),
    );
    const deployment = new aws.apigatewayv2.Deployment(
      this.name,
      {
        apiId: this.#api.id,
        triggers: { definition: createHash("sha256").update(definition).digest("hex") },
      },
      { dependsOn: this.#snapshot },
    );
    const limits = (perSecond: number) => ({
      throttlingRateLimit: perSecond,
      throttlingBurstLimit: perSecond,
      loggingLevel: "OFF",
      dataTraceEnabled: false,
    });
    return new aws.apigatewayv2.Stage(this.name, {
      apiId: this.#api.id,
      name: this.name,
      deploymentId: deployment.id,
      defaultRouteSettings: limits(100),
      ...(connectionsPerSecond && {
        routeSettings: [{ routeKey: "$connect", ...limits(connectionsPerSecond) }],
      }),
    });
  }
}
