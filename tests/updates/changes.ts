import { type Edits, replacing } from "../program/checkout.ts";

/** One change of a stack: of its settings, of its program, or of both. */
export interface Change {
  readonly what: string;
  /** Set before the change, and after the change back. */
  readonly from?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly edits?: Edits;
  /** Whether something leaves what the stage serves, in the change or in the change back. */
  readonly leaves?: "forth" | "back" | "both";
}

const index = "index.ts";
const whoami = 'new Route("whoami", { ...common, replies: true })';
const handler = "export const handler = async () => ({ statusCode: 200 });\n";
const certificate = (id: string) => `arn:aws:acm:us-east-1:123456789012:certificate/${id}`;

const domain = { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

/** The setting and the other value that it gets; with what it needs beside it. */
const settings: readonly Change[] = [
  { what: "userPoolId", settings: { userPoolId: "us-east-1_OtherPool" } },
  { what: "userPoolClientIds", settings: { userPoolClientIds: ["other"] } },
  { what: "tokenUse", settings: { tokenUse: "id" } },
  { what: "requiredGroups", settings: { requiredGroups: ["admins"] } },
  { what: "requiredScopes", settings: { requiredScopes: ["orders/read"] } },
  { what: "tokenSources", settings: { tokenSources: ["header"] } },
  { what: "allowedOrigins", settings: { allowedOrigins: ["https://app.example.com"] } },
  { what: "stageName", settings: { stageName: "live" } },
  { what: "stageName behind a domain", from: domain, settings: { stageName: "live" } },
  { what: "stageName to $default", settings: { stageName: "$default" } },
  {
    what: "the throttles",
    settings: {
      throttlingRateLimit: 7,
      throttlingBurstLimit: 9,
      connectThrottlingRateLimit: 7,
      connectThrottlingBurstLimit: 9,
    },
  },
  { what: "logRetentionDays", settings: { logRetentionDays: 7 } },
  { what: "apiGatewayLogRole to off", settings: { apiGatewayLogRole: "off" } },
  { what: "apiGatewayLogRole to manage", settings: { apiGatewayLogRole: "manage" } },
  {
    what: "apiGatewayLogRole from off to manage",
    from: { apiGatewayLogRole: "off" },
    settings: { apiGatewayLogRole: "manage" },
  },
  { what: "issuerHost", settings: { issuerHost: "issuer-cognito-idp" } },
  { what: "jwks", settings: { jwks: "deploy" } },
  { what: "alarmTopicArn", settings: { alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms" } },
  {
    what: "the alarms' thresholds",
    settings: {
      alarmAuthorizerFailures: 7,
      alarmIntegrationErrors: 7,
      alarmExecutionErrors: 7,
      alarmThrottles: 7,
      alarmLatencyMs: 7,
    },
  },
  { what: "detailedMetrics", settings: { detailedMetrics: true } },
  { what: "domainName and hostedZoneId", settings: domain },
  { what: "another domainName", from: domain, settings: { domainName: "talk.example.com" } },
  { what: "another hostedZoneId", from: domain, settings: { hostedZoneId: "ZOTHER" } },
  {
    what: "certificateArn in place of hostedZoneId",
    from: domain,
    settings: { hostedZoneId: undefined, certificateArn: certificate("one") },
  },
  {
    what: "another certificateArn",
    from: { domainName: "chat.example.com", certificateArn: certificate("one") },
    settings: { certificateArn: certificate("two") },
  },
  { what: "disableDefaultEndpoint", from: domain, settings: { disableDefaultEndpoint: true } },
  { what: "ipAddressType", settings: { ipAddressType: "ipv4" } },
  { what: "ipAddressType behind a domain", from: domain, settings: { ipAddressType: "ipv4" } },
  { what: "aws:defaultTags", settings: { "aws:defaultTags": { tags: { team: "chat" } } } },
];

const edits: readonly Change[] = [
  {
    what: "one more route, with a schema",
    leaves: "back",
    edits: {
      [index]: replacing(whoami, `${whoami}, new Route("another", { ...common, replies: true })`),
      "functions/another.ts": handler,
      "functions/another.schema.json": "{}",
    },
  },
  { what: "no route whoami", leaves: "forth", edits: { [index]: replacing(`  ${whoami},\n`, "") } },
  {
    what: "a route's key",
    edits: { [index]: replacing(whoami, whoami.replace("replies", 'routeKey: "who", replies')) },
  },
  {
    what: "a route's name and key",
    leaves: "both",
    edits: {
      [index]: replacing(whoami, 'new Route("who", { ...common, replies: true })'),
      "functions/who.ts": handler,
    },
  },
  {
    what: "a route's schema",
    edits: {
      "functions/whoami.schema.json": replacing('"required": ["action"]', '"required": ["action", "id"]'),
    },
  },
  { what: "a schema more", leaves: "back", edits: { "functions/disconnect.schema.json": "{}" } },
  {
    what: "no replies",
    leaves: "forth",
    edits: { [index]: replacing(whoami, 'new Route("whoami", common)') },
  },
  {
    what: "a route's throttle",
    edits: {
      [index]: replacing(
        whoami,
        whoami.replace("replies", "throttling: { rateLimit: 7, burstLimit: 9 }, replies"),
      ),
    },
  },
  {
    what: "a function's code",
    edits: { "functions/whoami.ts": (text) => `${text}\nconsole.log("more");\n` },
  },
  {
    what: "a function's memory",
    edits: { [index]: replacing(whoami, whoami.replace("replies", "memoryMb: 512, replies")) },
  },
  {
    what: "a function's environment and rights",
    edits: {
      [index]: replacing(
        whoami,
        whoami.replace(
          "replies",
          'environment: { COLOUR: "blue" }, statements: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-east-1:123456789012:queue" }], replies',
        ),
      ),
    },
  },
  {
    what: "the order of actions",
    edits: {
      [index]: (text) => text.replace(/( +new Route\("sendmessage".+\n)( +new Route\("whoami".+\n)/, "$2$1"),
    },
  },
  {
    what: "the authorizer's name",
    edits: { "infra/authorizer.ts": replacing('name: "cognito",', 'name: "sentry",') },
  },
  { what: "a $connect without the authorizer", edits: { [index]: replacing("    authorizer,\n", "") } },
  {
    what: "the selection expression",
    edits: { [index]: replacing('"$request.body.action"', '"$request.body.kind"') },
  },
  {
    what: "a route, the stage and the domain at once",
    from: domain,
    leaves: "forth",
    settings: { stageName: "live", domainName: "talk.example.com" },
    edits: { [index]: replacing(`  ${whoami},\n`, "") },
  },
];

/** Every setting with another value, and every kind of edit. */
export const changes: readonly Change[] = [...edits, ...settings];

/** Those that meet each of what can go wrong, for the tests. */
export const shortChanges: readonly Change[] = changes.filter(({ what }) =>
  ["stageName behind a domain", "no route whoami"].includes(what),
);
