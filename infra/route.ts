import { existsSync, readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction, type LambdaFunctionArgs } from "./lambda-function.ts";
import { successorFirst } from "./successor-first.ts";

export interface RouteArgs extends LambdaFunctionArgs {
  readonly api: aws.apigatewayv2.Api;
  readonly stageName: string;
  /** What selects the route: `$connect`, `$disconnect`, `$default` or an action. Default: the route's name. */
  readonly routeKey?: string;
  /** Who decides about the caller. API Gateway takes an authorizer on `$connect` only. */
  readonly authorizer?: aws.apigatewayv2.Authorizer;
  /** Whether the function's body goes back to the client. */
  readonly replies?: boolean;
  /** A limit of the route's own, in place of the stage's. */
  readonly throttling?: Throttling;
}

/** A kind of resource that a deployment freezes. */
type Part = "integration" | "route" | "response" | "model";

export interface Throttling {
  /** Requests per second, over time. */
  readonly rateLimit: pulumi.Input<number>;
  /** Requests at once. */
  readonly burstLimit: pulumi.Input<number>;
}

/**
 * A route to the function in `functions/<name>.ts`, with its integration and API Gateway's permission to call it.
 * With a JSON schema in `functions/<name>.schema.json`, API Gateway refuses other messages before the function runs.
 */
export class Route extends pulumi.ComponentResource {
  readonly routeKey: string;
  /** Its name, and those that its aliases name. */
  readonly names: readonly string[];
  /** Kinds of its resources that a deployment freezes. */
  readonly parts: readonly Part[];
  readonly functionName: pulumi.Output<string>;
  readonly throttling: Throttling | undefined;
  /** Every input that API Gateway serves only after a new deployment. */
  readonly definition: pulumi.Output<unknown>;

  constructor(name: string, args: RouteArgs, opts?: pulumi.ComponentResourceOptions) {
    const routeKey = args.routeKey ?? name;
    if (args.authorizer && routeKey !== "$connect")
      throw new Error(`route ${routeKey}: a WebSocket API takes an authorizer on $connect only`);
    super("jwt-websocket-api:infra:Route", name, {}, opts);
    this.routeKey = routeKey;
    this.names = [name, ...aliasNames(opts)];
    this.throttling = args.throttling;
    const child = { parent: this };
    const apiId = args.api.id;

    const lambda = new LambdaFunction(name, args, child);
    this.functionName = lambda.functionName;

    const permission = new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: lambda.functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${args.api.executionArn}/${args.stageName}/${routeKey}`,
      },
      child,
    );

    const integrationArgs = {
      apiId,
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri: lambda.invokeArn,
    };
    const integration = new aws.apigatewayv2.Integration(name, integrationArgs, {
      ...child,
      dependsOn: permission,
    });

    const schema = messageSchema(name);
    // A model's name takes letters and digits only.
    const modelArgs = schema && {
      apiId,
      name: name.replace(/[^A-Za-z0-9]/g, ""),
      contentType: "application/json",
      schema,
    };
    const model = modelArgs && new aws.apigatewayv2.Model(name, modelArgs, { ...child, ...successorFirst });

    const routeArgs = {
      apiId,
      routeKey,
      target: pulumi.interpolate`integrations/${integration.id}`,
      ...(args.authorizer
        ? { authorizationType: "CUSTOM", authorizerId: args.authorizer.id }
        : { authorizationType: "NONE" }),
      ...(args.replies && { routeResponseSelectionExpression: "$default" }),
      ...(model && {
        // What selects the route selects its model: the key is the same.
        modelSelectionExpression: args.api.routeSelectionExpression,
        requestModels: { [routeKey]: model.name },
      }),
    };
    const route = new aws.apigatewayv2.Route(name, routeArgs, child);

    const responseArgs = { apiId, routeId: route.id, routeResponseKey: "$default" };
    if (args.replies) new aws.apigatewayv2.RouteResponse(name, responseArgs, child);

    const parts = {
      integration: integrationArgs,
      route: routeArgs,
      ...(args.replies && { response: responseArgs }),
      ...(modelArgs && { model: modelArgs }),
    };
    this.parts = Object.keys(parts) as Part[];
    this.definition = pulumi.output(parts);
    this.registerOutputs({ routeKey });
  }
}

/** Names that the aliases of a component give it, like `{ aliases: [{ name: "former" }] }`. */
function aliasNames(opts: pulumi.ComponentResourceOptions | undefined): string[] {
  return (opts?.aliases ?? []).flatMap((alias) =>
    typeof alias === "object" && "name" in alias && typeof alias.name === "string" ? [alias.name] : [],
  );
}

/** The schema as compact JSON. @throws {Error} naming the file that is not JSON */
function messageSchema(name: string): string | undefined {
  const file = new URL(`../functions/${name}.schema.json`, import.meta.url);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new Error(`functions/${name}.schema.json: ${(error as Error).message}`);
  }
}
