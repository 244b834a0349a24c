import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createAlarms } from "./infra/alarms.ts";
import { apiGatewayLogRole } from "./infra/api-gateway-log-role.ts";
import { createAuthorizer } from "./infra/authorizer.ts";
import { connectCommand as connectCommandFor } from "./infra/connect-command.ts";
import { customDomain } from "./infra/custom-domain.ts";
import { createDashboard } from "./infra/dashboard.ts";
import { createDeployment } from "./infra/deployment.ts";
import { formerResources, requireSameRegion } from "./infra/own-state.ts";
import { createPushPolicy } from "./infra/push-policy.ts";
import { Route } from "./infra/route.ts";
import { readSettings, requireRegion } from "./infra/settings.ts";
import { createStage } from "./infra/stage.ts";
import { fetchSigningKeys, issuerOf } from "./infra/user-pool.ts";

const settings = readSettings();
const { partition, dnsSuffix } = await aws.getPartition();
const { region } = await aws.getRegion();
requireRegion(region);
const former = await formerResources();
requireSameRegion(former, region);

// The user pool is somebody else's: all this program needs of it are its issuer name and its public keys.
const issuer = issuerOf(settings.userPoolId, settings.issuerHost, dnsSuffix);
const signingKeys = settings.jwks === "deploy" ? { JWKS: await fetchSigningKeys(issuer) } : {};

// API Gateway logs through one role for the whole account and region; without it, AWS refuses the stage.
const logRole = await apiGatewayLogRole(settings.apiGatewayLogRole, partition);

// A client opens a WebSocket; from then on, the `action` member of each message names its route.
const api = new aws.apigatewayv2.Api("websocket", {
  protocolType: "WEBSOCKET",
  routeSelectionExpression: "$request.body.action",
  ipAddressType: settings.ipAddressType,
  disableExecuteApiEndpoint: settings.disableDefaultEndpoint,
});

// The authorizer decides once per connection, before it opens, whether the token is good and the caller welcome.
const { authorizer, authorizerArgs, authorizerFunction, authorizerPermission } = createAuthorizer({
  api,
  settings,
  issuer,
  signingKeys,
});

// Each route calls the function of its own name in functions/.
const common = { api, stageName: settings.stageName, logRetentionDays: settings.logRetentionDays };
const lifecycle = [
  new Route("connect", {
    ...common,
    routeKey: "$connect",
    authorizer,
    throttling: {
      rateLimit: settings.connectThrottlingRateLimit,
      burstLimit: settings.connectThrottlingBurstLimit,
    },
  }),
  new Route("disconnect", { ...common, routeKey: "$disconnect" }),
];
const actions = [
  new Route("sendmessage", { ...common, replies: true }),
  new Route("whoami", { ...common, replies: true }),
];
const fallback = new Route("default", {
  ...common,
  routeKey: "$default",
  replies: true,
  environment: { ACTIONS: JSON.stringify(actions.map((route) => route.routeKey)) },
});
const routes = [...lifecycle, ...actions, fallback];

// API Gateway serves a snapshot: every change to a route, the authorizer or what the API serves makes a new one.
const deployment = createDeployment({
  api,
  authorizerArgs,
  routes,
  dependsOn: [authorizerPermission],
  former,
});

// The stage is the snapshot that clients reach. Without explicit throttles, it would refuse every connection.
const stage = createStage({ apiId: api.id, deploymentId: deployment.id, routes, logRole, settings });

// With a domain, clients connect to a name that stays when the API is replaced.
const domain = settings.domainName
  ? customDomain({ ...settings, domainName: settings.domainName, apiId: api.id, stage, former })
  : [];

// Somebody should know when connections fail through no fault of the client, and see at a glance what goes on.
const alarms = createAlarms({
  apiId: api.id,
  stageName: settings.stageName,
  functionNames: [authorizerFunction, ...routes].map(({ functionName }) => functionName),
  settings,
});
const dashboard = createDashboard({ apiId: api.id, stageName: settings.stageName, region, partition });

// Other stacks push messages to this stage's connections with this policy.
const pushPolicy = createPushPolicy({
  api,
  stageName: settings.stageName,
  dependsOn: [...routes, stage, ...domain, ...alarms, dashboard.dashboard],
});

/** Where clients connect, like wss://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod. */
export const url = settings.domainName ? pulumi.output(`wss://${settings.domainName}`) : stage.invokeUrl;
/** A line to paste, with a token in TOKEN. */
export const connectCommand = url.apply((address) => connectCommandFor(address, settings.tokenSources));
/** Endpoint of the `@connections` API, for pushing messages: API Gateway's own, unless it is disabled. */
export const managementEndpoint = (settings.disableDefaultEndpoint ? url : stage.invokeUrl).apply((address) =>
  address.replace(/^wss:/, "https:"),
);
/** Policy to attach to a role that pushes messages. */
export const manageConnectionsPolicyArn = pushPolicy.arn;
/** Id of the API. */
export const apiId = api.id;
/** Name of the stage. */
export const stageName = stage.name;
/** Prefix of the ARNs of this API's stages, routes and connections. */
export const executionArn = api.executionArn;
/** Name of the authorizer's function, for its metrics and logs. */
export const authorizerFunctionName = authorizerFunction.functionName;
/** Page of graphs: who connects, who is refused and why, how fast, how much. */
export const dashboardUrl = dashboard.url;
