import { memberOfForm, oneOf, optional } from "./property-checks.ts";
import type { Rule } from "./rule.ts";

const group = ["cloudwatch/logGroup:LogGroup"];

/** Days that CloudWatch Logs keeps lines (API reference, PutRetentionPolicy); 0 is the provider's word for ever. */
const retentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const logRules: readonly Rule[] = [
  {
    name: "log-group-name",
    types: group,
    check: memberOfForm(
      "name",
      "logGroupName",
      { pattern: "[\\.\\-_/#A-Za-z0-9]+", maxLength: 512 },
      "InvalidParameterException",
    ),
  },
  {
    name: "log-retention",
    types: group,
    check: optional("retentionInDays", oneOf(...retentionDays), `must be one of ${retentionDays.join(", ")}`),
  },
];
