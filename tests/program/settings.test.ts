import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { settingKeys } from "../../infra/settings.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { type TestSettings, testStackConfig } from "../test-stack.ts";
import { problemsOf, settingsOf } from "./setting-reader.ts";

const setPool =
  "npx pulumi config set userPoolId us-east-1_AbCdEfGhI (in the file: userPoolId: us-east-1_AbCdEfGhI)";
const aPool = `a user pool id like us-east-1_AbCdEfGhI: ${setPool}`;
const clients =
  "a list of one or more app client ids, none twice: npx pulumi config set --path 'userPoolClientIds[0]' 1h57kf5cpq17m0eml12EXAMPLE (in the file: userPoolClientIds: [1h57kf5cpq17m0eml12EXAMPLE])";
const groups =
  "a list of group names without spaces, up to 128 characters each, none twice: npx pulumi config set --path 'requiredGroups[0]' admins (in the file: requiredGroups: [admins])";
const scopes =
  "a list of scopes without spaces, like orders/read, none twice: npx pulumi config set --path 'requiredScopes[0]' orders/read (in the file: requiredScopes: [orders/read])";
const sources =
  "a list of one or more of header, subprotocol, query, none twice: npx pulumi config set --path 'tokenSources[0]' header (in the file: tokenSources: [header])";
const origins =
  "a list of origins like https://app.example.com, without a path, none twice: npx pulumi config set --path 'allowedOrigins[0]' https://app.example.com (in the file: allowedOrigins: [https://app.example.com])";
const stage =
  "up to 128 letters, digits, - and _, or $default: npx pulumi config set stageName prod (in the file: stageName: prod)";
const throttles = (key: string) =>
  `a whole number from 1 to 100000: npx pulumi config set ${key} 100 (in the file: ${key}: 100)`;
const noThrottles = [undefined, "0", "-1", "1.5", "100001", "1e3", "ten", "Infinity", " 7", "0x10"];
const errorCounts = (key: string, example: number) =>
  `a whole number from 1 to 1000000: npx pulumi config set ${key} ${example} (in the file: ${key}: ${example})`;
const noErrorCounts = [undefined, "0", "-1", "1.5", "1000001", "all"];
const flag = (key: string) =>
  `false or true: npx pulumi config set ${key} false (in the file: ${key}: false)`;
const days =
  "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (days): npx pulumi config set logRetentionDays 30 (in the file: logRetentionDays: 30)";
const certificate =
  "the ARN of a certificate in this region, or empty: npx pulumi config set certificateArn arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012 (in the file: certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012)";
const topic =
  "the ARN of an SNS topic, or empty: npx pulumi config set alarmTopicArn arn:aws:sns:us-east-1:123456789012:alarms (in the file: alarmTopicArn: arn:aws:sns:us-east-1:123456789012:alarms)";

/** Key, what is allowed and how to set it, and raw values that are refused; undefined is a key that is not set. */
const refused: readonly (readonly [string, string, readonly (string | undefined)[]])[] = [
  [
    "userPoolId",
    aPool,
    [
      undefined,
      "us-east-1",
      "us-east-1_",
      "us-east-1_a/b",
      "us-east_AbC",
      "US-EAST-1_AbC",
      "us-east-1_AbC\n",
    ],
  ],
  [
    "userPoolClientIds",
    clients,
    [undefined, "[]", '["a","a"]', "[1.5]", '[1,"1"]', '[""]', '["a b"]', '["a",null]'],
  ],
  [
    "tokenUse",
    "access or id: npx pulumi config set tokenUse access (in the file: tokenUse: access)",
    [undefined, "refresh", "Access", "access id"],
  ],
  ["requiredGroups", groups, [undefined, '["a b"]', '["a","a"]', '[""]']],
  ["requiredScopes", scopes, [undefined, '["a b"]', '["a","a"]', '["a\\"b"]']],
  ["tokenSources", sources, [undefined, "[]", '["cookie"]', '["header","header"]']],
  [
    "allowedOrigins",
    origins,
    [
      undefined,
      '["app.example.com"]',
      '["https://app.example.com/"]',
      '["https://App.example.com"]',
      '["*"]',
      '["null"]',
      '["https://a.example","https://a.example"]',
    ],
  ],
  ["stageName", stage, [undefined, "a/b", "$prod", "a b", "prod\n", "a".repeat(129)]],
  ...[
    "throttlingRateLimit",
    "throttlingBurstLimit",
    "connectThrottlingRateLimit",
    "connectThrottlingBurstLimit",
  ].map((key) => [key, throttles(key), noThrottles] as const),
  ["logRetentionDays", days, [undefined, "0", "2", "31", "-1", "30.5", " 30", "0x1e", "1e0", "never"]],
  [
    "apiGatewayLogRole",
    "existing or manage or off: npx pulumi config set apiGatewayLogRole existing (in the file: apiGatewayLogRole: existing)",
    [undefined, "on", "Manage"],
  ],
  [
    "issuerHost",
    "cognito-idp or issuer-cognito-idp: npx pulumi config set issuerHost cognito-idp (in the file: issuerHost: cognito-idp)",
    [undefined, "cognito"],
  ],
  [
    "jwks",
    "deploy or runtime: npx pulumi config set jwks deploy (in the file: jwks: deploy)",
    [undefined, "never"],
  ],
  [
    "alarmTopicArn",
    topic,
    ["alarms", "arn:aws:sqs:us-east-1:123456789012:alarms", "arn:aws:sns:us-east-1:1:alarms"],
  ],
  ["alarmAuthorizerFailures", errorCounts("alarmAuthorizerFailures", 1), noErrorCounts],
  ["alarmIntegrationErrors", errorCounts("alarmIntegrationErrors", 5), noErrorCounts],
  ["alarmExecutionErrors", errorCounts("alarmExecutionErrors", 5), noErrorCounts],
  ["alarmThrottles", errorCounts("alarmThrottles", 1), noErrorCounts],
  [
    "alarmLatencyMs",
    "a whole number from 1 to 29000: npx pulumi config set alarmLatencyMs 1000 (in the file: alarmLatencyMs: 1000)",
    [undefined, "0", "29001", "0.5"],
  ],
  ["detailedMetrics", flag("detailedMetrics"), [undefined, "yes", "1", "True"]],
  [
    "domainName",
    "a lower-case host name, or empty: npx pulumi config set domainName chat.example.com (in the file: domainName: chat.example.com)",
    [
      "Chat.example.com",
      "localhost",
      "https://chat.example.com",
      "chat.example.com/",
      "-a.example.com",
      "a-.example.com",
      "*.example.com",
      "chat..example.com",
      "chat.example.com.",
      "chat.example.c0m",
      "192.0.2.1",
      `${"a".repeat(64)}.example.com`,
      `${"a.".repeat(126)}com`,
    ],
  ],
  [
    "hostedZoneId",
    "the id of a hosted zone, or empty: npx pulumi config set hostedZoneId Z0123456789ABCDEFGHIJ (in the file: hostedZoneId: Z0123456789ABCDEFGHIJ)",
    ["example.com", "/hostedzone/Z0123456789ABCDEFGHIJ", "z012", "Z", `Z${"0".repeat(32)}`],
  ],
  [
    "certificateArn",
    certificate,
    [
      "12345678",
      "arn:aws:acm:us-east-1:123456789012:key/1",
      "arn:aws:iam::123456789012:server-certificate/a",
    ],
  ],
  ["disableDefaultEndpoint", flag("disableDefaultEndpoint"), [undefined, "yes", "1", "True"]],
  [
    "ipAddressType",
    "dualstack or ipv4: npx pulumi config set ipAddressType dualstack (in the file: ipAddressType: dualstack)",
    [undefined, "ipv6"],
  ],
];

describe("readSettings", () => {
  it("is tested with faulty values of every setting", () => {
    assert.deepEqual(
      refused.map(([key]) => key),
      settingKeys,
    );
  });

  for (const [key, allowed, values] of refused)
    it(`refuses a faulty ${key}, and says what is allowed and how to set it`, async () => {
      for (const value of values)
        assert.deepEqual(await problemsOf(testStackConfig({ [key]: value })), [
          `${key} ${value === undefined ? "is not set" : `is ${JSON.stringify(value)}`}, but must be ${allowed}`,
        ]);
    });

  it("refuses scopes for ID tokens", async () => {
    assert.deepEqual(
      await problemsOf(testStackConfig({ tokenUse: "id", requiredScopes: '["orders/read"]' })),
      [
        'requiredScopes is ["orders/read"] and tokenUse is "id", but ID tokens carry no scopes: npx pulumi config set tokenUse access (in the file: tokenUse: access), or npx pulumi config rm requiredScopes',
      ],
    );
  });

  const domain = { domainName: "chat.example.com" };
  const zone = { hostedZoneId: "Z0123456789ABCDEFGHIJ" };
  const ready = { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" };
  for (const [what, settings, problems] of [
    [
      "a domain that would have no certificate",
      domain,
      [
        'domainName is "chat.example.com", but neither hostedZoneId nor certificateArn is set, so it has no certificate: npx pulumi config set hostedZoneId Z0123456789ABCDEFGHIJ (in the file: hostedZoneId: Z0123456789ABCDEFGHIJ)',
      ],
    ],
    [
      "a hosted zone, a certificate and a disabled endpoint without a domain",
      { ...zone, ...ready, disableDefaultEndpoint: "true" },
      [
        'hostedZoneId is "Z0123456789ABCDEFGHIJ", but domainName is not set: npx pulumi config set domainName chat.example.com (in the file: domainName: chat.example.com), or npx pulumi config rm hostedZoneId',
        'certificateArn is "arn:aws:acm:us-east-1:123456789012:certificate/1", but domainName is not set: npx pulumi config set domainName chat.example.com (in the file: domainName: chat.example.com), or npx pulumi config rm certificateArn',
        "disableDefaultEndpoint is true, but domainName is not set, so nobody could connect: npx pulumi config set domainName chat.example.com (in the file: domainName: chat.example.com), or npx pulumi config rm disableDefaultEndpoint",
      ],
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      assert.deepEqual(await problemsOf(testStackConfig(settings)), problems);
    });

  it("takes a domain with a hosted zone, a certificate or both", async () => {
    for (const settings of [
      { ...domain, ...zone },
      { ...domain, ...ready },
      { ...domain, ...zone, ...ready },
    ])
      assert.deepEqual(await problemsOf(testStackConfig(settings)), []);
  });

  it("refuses lists that the authorizer's environment has no room for, be their items many or long", async () => {
    const groups = (count: number, name: (n: number) => string) => ({
      requiredGroups: JSON.stringify(Array.from({ length: count }, (_, n) => name(n))),
    });
    const long = (n: number) => `${n}`.padEnd(100, "x");
    const short = (n: number) => `${n + 100}`;
    for (const [most, name, bytes] of [
      [23, long, 2575],
      [305, short, 2503],
    ] as const) {
      assert.deepEqual(await problemsOf(testStackConfig(groups(most, name))), []);
      assert.deepEqual(await problemsOf(testStackConfig(groups(most + 1, name))), [
        `userPoolClientIds, requiredGroups, requiredScopes and allowedOrigins take ${bytes} bytes in all, but at most 2500 fit into the authorizer's environment: shorten them`,
      ]);
    }
  });

  it("takes an item of digits, which the CLI stores as a number", async () => {
    const { userPoolClientIds } = await settingsOf(testStackConfig({ userPoolClientIds: "[1234567890]" }));
    assert.deepEqual(userPoolClientIds, ["1234567890"]);
  });

  it("refuses a key that it does not know, but leaves other namespaces alone", async () => {
    const { config, ...stack } = testStackConfig({ userPoolID: "us-east-1_AbC" });
    assert.deepEqual(await problemsOf({ ...stack, config: { ...config, "other:userPoolID": "x" } }), [
      "userPoolID is not a setting: did you mean userPoolId? Or remove it: npx pulumi config rm userPoolID",
    ]);
  });

  for (const [typed, meant] of [
    ["requiredGroup", "requiredGroups"],
    ["clientIds", undefined],
    ["userPoolClientId", "userPoolClientIds"],
    ["tokenSource", "tokenSources"],
    ["throtlingRateLimit", "throttlingRateLimit"],
    ["logRetention", "logRetentionDays"],
    ["jkws", undefined],
    ["colour", undefined],
  ] as const)
    it(`${meant ? `takes a mistyped ${typed} for ${meant}` : `suggests no setting for ${typed}, which none is near`}`, async () => {
      const advice = meant ? `did you mean ${meant}?` : `use one of ${settingKeys.join(", ")}.`;
      assert.deepEqual(await problemsOf(testStackConfig({ [typed]: "x" })), [
        `${typed} is not a setting: ${advice} Or remove it: npx pulumi config rm ${typed}`,
      ]);
    });

  it("refuses a setting whose project is mistyped", async () => {
    const mistyped = "jwt-websocket-ap:requiredGroups";
    const { config: ofProject, ...other } = testStackConfig();
    const stack = { ...other, project: "jwt-websocket-api" };
    const config = Object.fromEntries(
      Object.entries(ofProject).map(([key, value]) => [
        key.replace(`${other.project}:`, `${stack.project}:`),
        value,
      ]),
    );
    const others = { "aws:region": "us-east-1", "jwt-websocket-ap:colour": "x", "other:requiredGroups": "x" };
    assert.deepEqual(await problemsOf({ ...stack, config: { ...config, ...others, [mistyped]: "x" } }), [
      `${mistyped} is for another project: did you mean jwt-websocket-api:requiredGroups? Or remove it: npx pulumi config rm ${mistyped}`,
    ]);
  });

  for (const [key, text, allowed] of [
    ["userPoolClientIds", "abc", clients],
    ["requiredGroups", "admins", groups],
    ["requiredScopes", "orders/read", scopes],
    ["tokenSources", "query", sources],
    ["allowedOrigins", "http://localhost:8080", origins],
  ] as const)
    it(`refuses one text as ${key}, and says how to make it a list`, async () => {
      const fix = allowed
        .replace("npx pulumi", `npx pulumi config rm ${key}, then npx pulumi`)
        .replace(/\S+ \(in the file: .+$/, `${text} (in the file: ${key}: [${text}])`);
      assert.deepEqual(await problemsOf(testStackConfig({ [key]: text })), [
        `${key} is ${JSON.stringify(text)}, but must be ${fix}`,
      ]);
    });

  it("suggests no text that a shell would read as something else, or that could be no item", async () => {
    for (const [key, text, allowed] of [
      ["requiredGroups", "a;b", groups],
      ["requiredGroups", "a b", groups],
      ["tokenSources", "cookie", sources],
      ["userPoolClientIds", '["a"', clients],
      ["userPoolClientIds", '"a"', clients],
      ["userPoolClientIds", '{"0":"a"}', clients],
    ] as const)
      assert.deepEqual(await problemsOf(testStackConfig({ [key]: text })), [
        `${key} is ${JSON.stringify(text)}, but must be ${allowed.replace("npx pulumi", `npx pulumi config rm ${key}, then npx pulumi`)}`,
      ]);
  });

  it("refuses the ids that README.md gives as examples", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const [, pool = ""] = /config set userPoolId (\S+)/.exec(readme) ?? [];
    const [, client = ""] = /'userPoolClientIds\[0\]' (\S+)/.exec(readme) ?? [];
    assert.ok(pool && client);
    const settings = { userPoolId: pool, userPoolClientIds: JSON.stringify(["one", client]) };
    assert.deepEqual(await problemsOf(testStackConfig(settings)), [
      `userPoolId is "${pool}", which is only an example: npx pulumi config set userPoolId <id of your pool> (in the file: userPoolId: <id of your pool>)`,
      `userPoolClientIds[1] is "${client}", which is only an example: npx pulumi config set --path 'userPoolClientIds[1]' <id of your app client>`,
    ]);
  });

  it("lists all problems at once", async () => {
    assert.deepEqual(
      await problemsOf(
        testStackConfig({ userPoolId: undefined, jwks: "never", throttlingRateLimit: "0", more: "1" }),
      ),
      [
        `more is not a setting: use one of ${settingKeys.join(", ")}. Or remove it: npx pulumi config rm more`,
        `userPoolId is not set, but must be ${aPool}`,
        `throttlingRateLimit is "0", but must be ${throttles("throttlingRateLimit")}`,
        'jwks is "never", but must be deploy or runtime: npx pulumi config set jwks deploy (in the file: jwks: deploy)',
      ],
    );
  });

  it("stops the program before it asks for a resource", async () => {
    const requested: string[] = [];
    const run = runWithMocks(testStackConfig({ stageName: "a/b", ipAddressType: "ipv6" }), {
      alter: (resource) => {
        requested.push(resource.name);
        return resource;
      },
    });
    const message = `settings in Pulumi.test.yaml:
  stageName is "a/b", but must be ${stage}
  ipAddressType is "ipv6", but must be dualstack or ipv4: npx pulumi config set ipAddressType dualstack (in the file: ipAddressType: dualstack)`;
    await assert.rejects(run, (error) => RunError.isInstance(error) && error.message === message);
    assert.deepEqual(requested, []);
  });

  it("refuses a topic and a certificate of another region before a resource exists", async () => {
    const requested: string[] = [];
    const settings = {
      jwks: "runtime",
      alarmTopicArn: "arn:aws:sns:us-east-2:123456789012:alarms",
      domainName: "chat.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/1",
    };
    const run = runWithMocks(testStackConfig(settings), {
      alter: (resource) => {
        requested.push(resource.name);
        return resource;
      },
    });
    const message = `settings in Pulumi.test.yaml:
  alarmTopicArn is "arn:aws:sns:us-east-2:123456789012:alarms", but must be in this stack's region: npx pulumi config set alarmTopicArn <ARN in us-east-1> (in the file: alarmTopicArn: <ARN in us-east-1>)
  certificateArn is "arn:aws:acm:eu-west-1:123456789012:certificate/1", but must be in this stack's region: npx pulumi config set certificateArn <ARN in us-east-1> (in the file: certificateArn: <ARN in us-east-1>)`;
    await assert.rejects(run, (error) => RunError.isInstance(error) && error.message === message);
    assert.deepEqual(requested, []);
  });

  it("reads every setting", async () => {
    const raw: TestSettings = {
      userPoolId: "ap-southeast-2_a1B2",
      userPoolClientIds: '["one","two"]',
      tokenUse: "id",
      requiredGroups: '["admins","größe"]',
      requiredScopes: "[]",
      tokenSources: '["subprotocol"]',
      allowedOrigins: '["https://app.example.com","http://localhost:8080"]',
      stageName: "$default",
      throttlingRateLimit: "1",
      throttlingBurstLimit: "100000",
      connectThrottlingRateLimit: "2",
      connectThrottlingBurstLimit: "3",
      logRetentionDays: "3653",
      apiGatewayLogRole: "off",
      issuerHost: "issuer-cognito-idp",
      jwks: "runtime",
      alarmTopicArn: "arn:aws-us-gov:sns:us-gov-west-1:123456789012:on-call_1",
      alarmAuthorizerFailures: "4",
      alarmIntegrationErrors: "5",
      alarmExecutionErrors: "6",
      alarmThrottles: "1000000",
      alarmLatencyMs: "29000",
      detailedMetrics: "true",
      domainName: "chat.example.com",
      hostedZoneId: "Z1",
      certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/abc-1",
      disableDefaultEndpoint: "true",
      ipAddressType: "ipv4",
    };
    assert.deepEqual(Object.keys(raw), settingKeys);
    const list = (key: string) => JSON.parse(raw[key] ?? "");
    assert.deepEqual(await settingsOf(testStackConfig(raw)), {
      ...raw,
      userPoolClientIds: list("userPoolClientIds"),
      requiredGroups: list("requiredGroups"),
      requiredScopes: [],
      tokenSources: ["subprotocol"],
      allowedOrigins: list("allowedOrigins"),
      throttlingRateLimit: 1,
      throttlingBurstLimit: 100_000,
      connectThrottlingRateLimit: 2,
      connectThrottlingBurstLimit: 3,
      alarmAuthorizerFailures: 4,
      alarmIntegrationErrors: 5,
      alarmExecutionErrors: 6,
      alarmThrottles: 1_000_000,
      alarmLatencyMs: 29_000,
      detailedMetrics: true,
      disableDefaultEndpoint: true,
      logRetentionDays: 3653,
    });
  });

  it("reads scopes for access tokens, and pools of every partition", async () => {
    const { requiredScopes } = await settingsOf(
      testStackConfig({ requiredScopes: '["orders/read","openid"]' }),
    );
    assert.deepEqual(requiredScopes, ["orders/read", "openid"]);
    for (const userPoolId of ["us-gov-west-1_AbC", "cn-north-1_AbC", "il-central-1_AbC", "us-east-1_0"])
      assert.equal((await settingsOf(testStackConfig({ userPoolId }))).userPoolId, userPoolId);
  });
});
