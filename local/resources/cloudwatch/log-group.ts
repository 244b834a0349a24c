import { generatedName } from "../generated-name.ts";
import { arnOf } from "../identifiers.ts";
import { anything, tagActions } from "../needs.ts";
import { memberOfForm, oneOf, optional } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";

/** Days that CloudWatch Logs keeps lines (API reference, PutRetentionPolicy); 0 is the provider's word for ever. */
const retentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Where lines of logs go. */
export const logGroup: ResourceType = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  takesTags: true,
  generatedName: { ...generatedName, prefixProperty: "namePrefix" },
  create: ({ inputs: { name } }, account) => ({
    id: name,
    outputs: { arn: arnOf("logs", account, `log-group:${name}`) },
  }),
  defaults: { logGroupClass: "STANDARD", retentionInDays: 0, skipDestroy: false },
  replacedBy: ["name", "namePrefix", "logGroupClass"],
  taken: {
    properties: ["name"],
    answer: () => "ResourceAlreadyExistsException: The specified log group already exists",
  },
  rules: [
    {
      name: "log-group-name",
      check: memberOfForm(
        "name",
        "logGroupName",
        { pattern: "[\\.\\-_/#A-Za-z0-9]+", maxLength: 512 },
        "InvalidParameterException",
      ),
    },
    {
      name: "log-retention",
      check: optional(
        "retentionInDays",
        oneOf(...retentionDays),
        `must be one of ${retentionDays.join(", ")}`,
      ),
    },
  ],
  deployment: [
    { actions: ["logs:DescribeLogGroups"], resources: anything },
    {
      actions: [
        ...[
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:PutRetentionPolicy",
          "logs:DeleteRetentionPolicy",
        ],
        ...["logs:ListTagsForResource", ...tagActions("logs")],
      ],
      resources: ({ outputs }) => [outputs.arn, `${outputs.arn}:*`],
    },
  ],
};
