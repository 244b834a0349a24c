import type { AcceptedCase, RuleCase } from "./rule-case.ts";

const alarm = ["cloudwatch/metricAlarm:MetricAlarm", "errors"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "arn-partition",
    of: ["lambda/permission:Permission", "say"],
    inputs: { sourceArn: "arn:aws-cn:execute-api:cn-north-1:123456789012:a1b2c3d4e5/live/say" },
    says: 'sourceArn is "arn:aws-cn:execute-api:cn-north-1:123456789012:a1b2c3d4e5/live/say": the ARN is of partition aws-cn, but this account is in aws',
  },
  {
    rule: "arn-partition",
    of: alarm,
    inputs: { alarmActions: ["arn:aws-us-gov:sns:us-east-1:123456789012:alarms"] },
    says: 'alarmActions[0] is "arn:aws-us-gov:sns:us-east-1:123456789012:alarms": the ARN is of partition aws-us-gov, but this account is in aws',
  },
  {
    rule: "arn-partition",
    of: ["apigatewayv2/stage:Stage", "chat"],
    inputs: {
      accessLogSettings: {
        destinationArn: "arn:aws-cn:logs:us-east-1:123456789012:log-group:access",
        format: "$context.requestId",
      },
    },
    says: 'accessLogSettings.destinationArn is "arn:aws-cn:logs:us-east-1:123456789012:log-group:access": the ARN is of partition aws-cn, but this account is in aws',
  },
];

export const accepted: readonly AcceptedCase[] = [
  {
    what: "ARNs of other partitions in what AWS does not read",
    of: ["lambda/function:Function", "sentry"],
    inputs: {
      description: "arn:aws-cn:sns:cn-north-1:123456789012:topic",
      environment: { variables: { TOPIC: "arn:aws-cn:sns:cn-north-1:123456789012:topic" } },
    },
  },
];
