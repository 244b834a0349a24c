import { type AcceptedCase, constraint, type RuleCase, shown } from "../rule-case.ts";

const group = ["cloudwatch/logGroup:LogGroup", "access"] as const;

const retention =
  "must be one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";

export const refused: readonly RuleCase[] = [
  {
    rule: "log-group-name",
    of: group,
    inputs: { name: "/aws/$default" },
    says: `name is "/aws/$default": ${constraint("InvalidParameterException", "/aws/$default", "logGroupName", String.raw`satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`)}`,
  },
  {
    rule: "log-group-name",
    of: group,
    inputs: { name: "g".repeat(513) },
    says: `name is ${shown("g".repeat(513))}: ${constraint("InvalidParameterException", "g".repeat(513), "logGroupName", "have length less than or equal to 512")}`,
  },
  {
    rule: "log-retention",
    of: group,
    inputs: { retentionInDays: 31 },
    says: `retentionInDays is 31: ${retention}`,
  },
];

export const accepted: readonly AcceptedCase[] = [
  {
    what: "a log group's name of 512 characters",
    of: group,
    more: `new aws.cloudwatch.LogGroup("long", { name: "${"g".repeat(512)}", retentionInDays: 0 });`,
  },
];
