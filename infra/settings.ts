import * as pulumi from "@pulumi/pulumi";
import { nearest } from "./nearest.ts";
import {
  flag,
  list,
  matching,
  oneOf,
  optional,
  Problem,
  type Reader,
  setTo,
  wholeNumber,
} from "./setting-readers.ts";

/** The values of the settings. */
interface PlainSettings {
  readonly userPoolId: string;
  readonly userPoolClientIds: readonly string[];
  readonly tokenUse: "access" | "id";
  readonly requiredGroups: readonly string[];
  readonly requiredScopes: readonly string[];
  readonly tokenSources: readonly TokenSource[];
  readonly allowedOrigins: readonly string[];
  readonly stageName: string;
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
  readonly connectThrottlingRateLimit: number;
  readonly connectThrottlingBurstLimit: number;
  readonly logRetentionDays: number;
  readonly apiGatewayLogRole: "existing" | "manage" | "off";
  readonly issuerHost: "cognito-idp" | "issuer-cognito-idp";
  readonly jwks: "deploy" | "runtime";
  /** Undefined: alarms exist, and tell nobody. */
  readonly alarmTopicArn: string | undefined;
  readonly alarmAuthorizerFailures: number;
  readonly alarmIntegrationErrors: number;
  readonly alarmExecutionErrors: number;
  readonly alarmThrottles: number;
  readonly alarmLatencyMs: number;
  readonly detailedMetrics: boolean;
  /** Undefined: clients connect to API Gateway's own host name. */
  readonly domainName: string | undefined;
  readonly hostedZoneId: string | undefined;
  readonly certificateArn: string | undefined;
  readonly disableDefaultEndpoint: boolean;
  readonly ipAddressType: "dualstack" | "ipv4";
}

/** What the program only passes on, and never reads: a secret value stays secret in the state. */
const passedOn = [
  "throttlingRateLimit",
  "throttlingBurstLimit",
  "connectThrottlingRateLimit",
  "connectThrottlingBurstLimit",
  "logRetentionDays",
  "alarmTopicArn",
  "alarmAuthorizerFailures",
  "alarmIntegrationErrors",
  "alarmExecutionErrors",
  "alarmThrottles",
  "alarmLatencyMs",
  "hostedZoneId",
  "certificateArn",
] as const satisfies (keyof PlainSettings)[];

type PassedOn = (typeof passedOn)[number];

/** The checked configuration of a stack. Defaults and descriptions stand in Pulumi.yaml. */
export type Settings = Omit<PlainSettings, PassedOn> & {
  readonly [K in PassedOn]:
    | pulumi.Input<NonNullable<PlainSettings[K]>>
    | (undefined extends PlainSettings[K] ? undefined : never);
};

export type TokenSource = "header" | "subprotocol" | "query";

/** What is left of the 4 KB of a Lambda environment beside the signing keys and the rest. */
const maxListBytes = 2500;

/** Retention periods that CloudWatch Logs accepts, in days (API reference, PutRetentionPolicy). */
const retentionPeriods = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const examplePoolId = "us-east-1_AbCdEfGhI";
const exampleClientId = "1h57kf5cpq17m0eml12EXAMPLE";

const readers: { readonly [K in keyof PlainSettings]: Reader<PlainSettings[K]> } = {
  userPoolId: matching(
    /^[a-z]{2,4}(-[a-z]+)+-\d_[0-9A-Za-z]{1,46}$/,
    `a user pool id like ${examplePoolId}`,
    examplePoolId,
  ),
  userPoolClientIds: list(/^[\w+]{1,128}$/, "one or more app client ids", {
    atLeast: 1,
    example: exampleClientId,
  }),
  tokenUse: oneOf("access", "id"),
  requiredGroups: list(
    /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u,
    "group names without spaces, up to 128 characters each",
    { example: "admins" },
  ),
  requiredScopes: list(/^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/, "scopes without spaces, like orders/read", {
    example: "orders/read",
  }),
  tokenSources: list(/^(header|subprotocol|query)$/, "one or more of header, subprotocol, query", {
    atLeast: 1,
    example: "header",
  }) as Reader<TokenSource[]>,
  allowedOrigins: list(
    /^https?:\/\/[a-z0-9.-]+(:[1-9]\d{0,4})?$/,
    "origins like https://app.example.com, without a path",
    {
      example: "https://app.example.com",
    },
  ),
  stageName: matching(
    /^(\$default|[A-Za-z0-9_-]{1,128})$/,
    "up to 128 letters, digits, - and _, or $default",
    "prod",
  ),
  throttlingRateLimit: wholeNumber(1, 100_000),
  throttlingBurstLimit: wholeNumber(1, 100_000),
  connectThrottlingRateLimit: wholeNumber(1, 100_000),
  connectThrottlingBurstLimit: wholeNumber(1, 100_000),
  logRetentionDays: (raw, key) => {
    const days = retentionPeriods.find((period) => String(period) === raw);
    if (days) return days;
    throw new Problem(raw, `one of ${retentionPeriods.join(", ")} (days)`, setTo(key, 30));
  },
  apiGatewayLogRole: oneOf("existing", "manage", "off"),
  issuerHost: oneOf("cognito-idp", "issuer-cognito-idp"),
  jwks: oneOf("deploy", "runtime"),
  alarmTopicArn: optional(
    matching(
      /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
      "the ARN of an SNS topic, or empty",
      "arn:aws:sns:us-east-1:123456789012:alarms",
    ),
  ),
  alarmAuthorizerFailures: wholeNumber(1, 1_000_000, 1),
  alarmIntegrationErrors: wholeNumber(1, 1_000_000, 5),
  alarmExecutionErrors: wholeNumber(1, 1_000_000, 5),
  alarmThrottles: wholeNumber(1, 1_000_000, 1),
  alarmLatencyMs: wholeNumber(1, 29_000, 1000),
  detailedMetrics: flag(),
  domainName: optional(
    matching(
      /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      "a lower-case host name, or empty",
      "chat.example.com",
    ),
  ),
  hostedZoneId: optional(
    matching(/^Z[0-9A-Z]{1,31}$/, "the id of a hosted zone, or empty", "Z0123456789ABCDEFGHIJ"),
  ),
  certificateArn: optional(
    matching(
      /^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]{1,64}$/,
      "the ARN of a certificate in this region, or empty",
      "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
    ),
  ),
  disableDefaultEndpoint: flag(),
  ipAddressType: oneOf("dualstack", "ipv4"),
};

/** The keys a stack can set, in the order of Pulumi.yaml. */
export const settingKeys = Object.keys(readers) as (keyof Settings)[];

/**
 * Reads and checks every setting of the stack before any resource exists. No message shows a secret value.
 * @throws {pulumi.RunError} naming each faulty key, its value, what is allowed and the command that fixes it
 */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const problems = unknownKeys(config.name);
  const secrets = new Set<string>(settingKeys.filter((key) => isSecret(config, key)));
  const plain: Partial<Record<keyof Settings, unknown>> = {};
  for (const key of settingKeys) {
    const raw = config.get(key) ?? "";
    const secret = secrets.has(key);
    try {
      if (secret && !isPassedOn(key)) problems.push(readSecret(key));
      else plain[key] = readers[key](raw, key);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(error.describe(key, secret));
    }
  }
  if (problems.length === 0) {
    const complete = plain as unknown as PlainSettings;
    problems.push(...contradictions(complete, secrets), ...examples(complete));
  }
  refuse(problems);
  for (const risk of risks(plain as unknown as PlainSettings)) pulumi.log.warn(risk);
  const settings = Object.entries(plain).map(([key, value]) => [
    key,
    secrets.has(key) && value !== undefined ? pulumi.secret(value) : value,
  ]);
  return Object.fromEntries(settings);
}

/** The SDK knows which settings are secret, and leaves the function out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(fullKey: string): boolean };

function isSecret({ name }: pulumi.Config, key: string): boolean {
  return isConfigSecret(`${name}:${key}`);
}

function isPassedOn(key: string): boolean {
  return (passedOn as readonly string[]).includes(key);
}

function readSecret(key: string): string {
  return `${key} is a secret, but the program reads it and writes what it makes of it into the state in plain text: npx pulumi config rm ${key}, then set it without --secret`;
}

/**
 * Checks that what must be in the stack's own region is there.
 * @throws {pulumi.RunError} naming each setting that is not
 */
export function requireRegion(region: string): void {
  const config = new pulumi.Config();
  const problems = ["alarmTopicArn", "certificateArn"].flatMap((key) => {
    const arn = config.get(key);
    if (!arn || arn.split(":")[3] === region) return [];
    const value = isSecret(config, key) ? "a secret" : `"${arn}"`;
    return [`${key} is ${value}, but must be in this stack's region: ${setTo(key, `<ARN in ${region}>`)}`];
  });
  refuse(problems);
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  throw new pulumi.RunError(`settings in ${file}:\n${problems.map((line) => `  ${line}`).join("\n")}`);
}

function contradictions(settings: PlainSettings, secrets: ReadonlySet<string>): string[] {
  const { tokenUse, requiredScopes, domainName, hostedZoneId, certificateArn, disableDefaultEndpoint } =
    settings;
  const { userPoolClientIds, requiredGroups, allowedOrigins } = settings;
  const lists = [userPoolClientIds, requiredGroups, requiredScopes, allowedOrigins];
  // Lambda counts an environment as JSON, so each quote within a list counts with its escape.
  const listBytes = Buffer.byteLength(JSON.stringify(lists.map((list) => JSON.stringify(list))));
  const found: [boolean, string][] = [
    [
      listBytes > maxListBytes,
      `userPoolClientIds, requiredGroups, requiredScopes and allowedOrigins take ${listBytes} bytes in all, but at most ${maxListBytes} fit into the authorizer's environment: shorten them`,
    ],
    [
      tokenUse === "id" && requiredScopes.length > 0,
      `requiredScopes is ${JSON.stringify(requiredScopes)} and tokenUse is "id", but ID tokens carry no scopes: ${setTo("tokenUse", "access")}, or npx pulumi config rm requiredScopes`,
    ],
    [
      domainName !== undefined && !hostedZoneId && !certificateArn,
      `domainName is "${domainName}", but neither hostedZoneId nor certificateArn is set, so it has no certificate: ${setTo("hostedZoneId", "Z0123456789ABCDEFGHIJ")}`,
    ],
    ...Object.entries({ hostedZoneId, certificateArn }).map(([key, value]): [boolean, string] => [
      value !== undefined && !domainName,
      `${key} is ${secrets.has(key) ? "a secret" : `"${value}"`}, but domainName is not set: ${setTo("domainName", "chat.example.com")}, or npx pulumi config rm ${key}`,
    ]),
    [
      disableDefaultEndpoint && !domainName,
      `disableDefaultEndpoint is true, but domainName is not set, so nobody could connect: ${setTo("domainName", "chat.example.com")}, or npx pulumi config rm disableDefaultEndpoint`,
    ],
  ];
  return found.flatMap(([is, message]) => (is ? [message] : []));
}

/** Ids that README.md and the messages here give as examples, and that no one has. */
function examples({ userPoolId, userPoolClientIds }: PlainSettings): string[] {
  const isExamplePool = userPoolId.endsWith(examplePoolId.slice(examplePoolId.indexOf("_")));
  return [
    ...(isExamplePool
      ? [
          `userPoolId is "${userPoolId}", which is only an example: ${setTo("userPoolId", "<id of your pool>")}`,
        ]
      : []),
    ...userPoolClientIds.flatMap((id, i) =>
      id === exampleClientId
        ? [
            `userPoolClientIds[${i}] is "${id}", which is only an example: npx pulumi config set --path 'userPoolClientIds[${i}]' <id of your app client>`,
          ]
        : [],
    ),
  ];
}

function risks({ tokenSources }: PlainSettings): string[] {
  return tokenSources.includes("query")
    ? [
        "tokenSources includes query: a token in a URL ends up in the logs of proxies and browsers, and whoever reads it can connect until it expires. Prefer subprotocol for browsers.",
      ]
    : [];
}

/** The Pulumi CLI passes on what Pulumi.yaml does not declare: a mistyped key would leave its setting at the default. */
function unknownKeys(project: string): string[] {
  const known: readonly string[] = settingKeys;
  return Object.keys(pulumi.runtime.allConfig()).flatMap((fullKey) => {
    const [namespace = "", key = ""] = fullKey.split(/:(.*)/s);
    if (namespace === project) return known.includes(key) ? [] : [unknownKey(key, known)];
    const isMeant = known.includes(key) && nearest(namespace, [project]) !== undefined;
    return isMeant
      ? [
          `${fullKey} is for another project: did you mean ${project}:${key}? Or remove it: npx pulumi config rm ${fullKey}`,
        ]
      : [];
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const advice = meant ? `did you mean ${meant}?` : `use one of ${known.join(", ")}.`;
  return `${key} is not a setting: ${advice} Or remove it: npx pulumi config rm ${key}`;
}
