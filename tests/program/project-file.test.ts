import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { settingKeys } from "../../infra/settings.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { projectName } from "../project-name.ts";
import { testStackConfig } from "../test-stack.ts";
import { problemsOf, settingsOf } from "./setting-reader.ts";

interface Declaration {
  readonly type: string;
  readonly items?: { readonly type: string };
  readonly default?: unknown;
  readonly description: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = parse(readFileSync(`${root}Pulumi.yaml`, "utf8"));
/** Without `pulumi:tags`, which `pulumi new` adds to a copy. */
const declarations: Readonly<Record<string, Declaration>> = Object.fromEntries(
  Object.entries<Declaration>(project.config).filter(([key]) => !key.includes(":")),
);

/** The values that a setting of a few values allows, read from the message that refuses any other. */
async function allowedValues(key: string): Promise<string[]> {
  const [problem = ""] = await problemsOf(testStackConfig({ [key]: "?" }));
  const list = /must be a list of one or more of ([\w, -]+), none twice:/.exec(problem)?.[1]?.split(", ");
  const choice = /must be ([\w-]+(?: or [\w-]+)+):/.exec(problem)?.[1]?.split(" or ");
  return list ?? choice ?? [];
}

describe("Pulumi.yaml", () => {
  it("lets Node.js run the program, without a loader", () => {
    assert.deepEqual(project.runtime, {
      name: "nodejs",
      options: { typescript: false, nodeargs: "--import=./infra/require-node.js" },
    });
  });

  it("declares the program's settings and no others, in their order", () => {
    assert.deepEqual(Object.keys(declarations), settingKeys);
  });

  it("describes each setting", () => {
    const faulty = Object.entries(declarations).filter(([, { type, items, description }]) => {
      const isTyped =
        ["string", "integer", "boolean"].includes(type) || (type === "array" && items?.type === "string");
      return !isTyped || !/^\S.{20,}[^.\s]$/.test(description);
    });
    assert.deepEqual(faulty, []);
  });

  it("has a default for all but the user pool and its clients, which are required", async () => {
    const required = settingKeys.filter((key) => declarations[key]?.default === undefined);
    assert.deepEqual(required, ["userPoolId", "userPoolClientIds"]);
    for (const key of required)
      assert.match(
        (await problemsOf(testStackConfig({ [key]: undefined }))).join(),
        new RegExp(`^${key} is not set, `),
      );
  });

  it("has these defaults, which the program takes", async () => {
    const { config, ...stack } = readStackConfig(root, "no-such-stack");
    const required = {
      [`${projectName}:userPoolId`]: "us-east-1_AbC",
      [`${projectName}:userPoolClientIds`]: '["client"]',
    };
    assert.deepEqual(await settingsOf({ ...stack, config: { ...config, ...required } }), {
      userPoolId: "us-east-1_AbC",
      userPoolClientIds: ["client"],
      tokenUse: "access",
      requiredGroups: [],
      requiredScopes: [],
      tokenSources: ["header", "subprotocol"],
      allowedOrigins: [],
      stageName: "prod",
      throttlingRateLimit: 100,
      throttlingBurstLimit: 200,
      connectThrottlingRateLimit: 50,
      connectThrottlingBurstLimit: 100,
      logRetentionDays: 30,
      apiGatewayLogRole: "existing",
      issuerHost: "cognito-idp",
      jwks: "deploy",
      alarmTopicArn: undefined,
      alarmAuthorizerFailures: 1,
      alarmIntegrationErrors: 5,
      alarmExecutionErrors: 5,
      alarmThrottles: 1,
      alarmLatencyMs: 1000,
      detailedMetrics: false,
      domainName: undefined,
      hostedZoneId: undefined,
      certificateArn: undefined,
      disableDefaultEndpoint: false,
      ipAddressType: "dualstack",
    });
  });

  for (const [key, values] of [
    ["tokenUse", ["access", "id"]],
    ["tokenSources", ["header", "subprotocol", "query"]],
    ["apiGatewayLogRole", ["existing", "manage", "off"]],
    ["issuerHost", ["cognito-idp", "issuer-cognito-idp"]],
    ["jwks", ["deploy", "runtime"]],
    ["ipAddressType", ["dualstack", "ipv4"]],
  ] as const)
    it(`names the values of ${key} that the program takes`, async () => {
      assert.deepEqual(await allowedValues(key), values);
      const words = declarations[key]?.description.split(/[^\w-]+/) ?? [];
      assert.deepEqual(
        values.filter((value) => !words.includes(value)),
        [],
      );
      for (const value of values) {
        const raw = key === "tokenSources" ? JSON.stringify([value]) : value;
        assert.deepEqual(await problemsOf(testStackConfig({ [key]: raw })), []);
      }
    });
});

describe("the project's files", () => {
  it("have no text that pulumi new would replace", () => {
    const replaced = ["PROJECT", "DESCRIPTION"].map((word) => `\${${word}}`);
    const paths = globSync("**/*.{ts,js,cjs,json,yaml,yml,md,html,css,svg,py}", {
      cwd: root,
      exclude: (path) => /(^|\/)(node_modules|reports)$/.test(path),
    });
    assert.ok(paths.includes("tests/program/project-file.test.ts"));
    const found = paths.filter((path) => {
      const text = readFileSync(`${root}${path}`, "utf8");
      return replaced.some((placeholder) => text.includes(placeholder));
    });
    assert.deepEqual(found, []);
  });
});

describe("Pulumi.dev.yaml", () => {
  it("has settings that the program takes, and lets the stack manage the log role", async () => {
    const { apiGatewayLogRole, userPoolId } = await settingsOf(readStackConfig(root, "dev"));
    assert.deepEqual([apiGatewayLogRole, userPoolId], ["manage", "us-east-1_LocalPool"]);
  });
});
