import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { settingKeys } from "../../infra/settings.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { projectName } from "../project-name.ts";
import { testStackConfig } from "../test-stack.ts";
import { certificateArn, fullest, topicArn } from "./program-graph.ts";
import { problemsOf, settingsOf } from "./setting-reader.ts";

/** Settings that no code of the program reads. */
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
] as const;

describe("a secret setting", () => {
  for (const key of settingKeys.filter((one) => !(passedOn as readonly string[]).includes(one)))
    it(`is refused where the program reads it: ${key}`, async () => {
      assert.deepEqual(await problemsOf(testStackConfig(), [key]), [
        `${key} is a secret, but the program reads it and writes what it makes of it into the state in plain text: npx pulumi config rm ${key}, then set it without --secret`,
      ]);
    });

  it("stays secret where the program passes it on", async () => {
    const settings = await settingsOf(testStackConfig({ ...fullest, certificateArn }), passedOn);
    for (const key of passedOn)
      assert.equal(await (settings[key] as unknown as { isSecret: Promise<boolean> }).isSecret, true, key);
  });

  it("is as plain as it was set otherwise", async () => {
    const settings = await settingsOf(testStackConfig({ ...fullest, certificateArn }));
    assert.deepEqual(
      passedOn.filter((key) => pulumi.Output.isInstance(settings[key])),
      [],
    );
  });

  for (const [what, value, problem] of [
    [
      "has another form",
      "hidden",
      "alarmTopicArn is a secret of another form, but must be the ARN of an SNS topic, or empty: npx pulumi config set alarmTopicArn arn:aws:sns:us-east-1:123456789012:alarms (in the file: alarmTopicArn: arn:aws:sns:us-east-1:123456789012:alarms)",
    ],
    [
      "is in another region",
      topicArn.replace("us-east-1", "eu-west-1"),
      "alarmTopicArn is a secret, but must be in this stack's region: npx pulumi config set alarmTopicArn <ARN in us-east-1> (in the file: alarmTopicArn: <ARN in us-east-1>)",
    ],
  ] as const)
    it(`is not shown where it ${what}`, async () => {
      const stackConfig = testStackConfig({ jwks: "runtime", alarmTopicArn: value });
      await assert.rejects(
        runWithMocks(stackConfig, { secretKeys: [`${projectName}:alarmTopicArn`] }),
        (error: Error) => {
          assert.equal(error.message, `settings in Pulumi.test.yaml:\n  ${problem}`);
          return true;
        },
      );
    });

  it("is not shown where the setting that it needs is missing", async () => {
    const [problem = ""] = await problemsOf(testStackConfig({ hostedZoneId: "ZHIDDEN" }), ["hostedZoneId"]);
    assert.match(problem, /^hostedZoneId is a secret, but domainName is not set: /);
  });
});
