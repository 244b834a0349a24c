import { resourcesOfType } from "../../graph/resource-graph.ts";
import { matching, optional, required } from "../property-checks.ts";
import { everyProperty, type ResourceType } from "../resource-type.ts";

/** Lets somebody call a function. */
export const permission: ResourceType = {
  type: "aws:lambda/permission:Permission",
  generatedName: { property: "statementId", prefixProperty: "statementIdPrefix", maxLength: 100 },
  create: ({ inputs: { statementId } }) => ({ id: statementId, outputs: {} }),
  replacedBy: [everyProperty],
  taken: {
    properties: ["function", "statementId"],
    answer: ({ outputs: { statementId } }) =>
      `ResourceConflictException: The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  },
  rules: [
    {
      name: "permission-function",
      check: ({ inputs: { function: target = "" } }, { account, resources }) => {
        const { partition, region, accountId } = account;
        const exists = resources.some(
          ({ type, outputs }) =>
            type === "aws:lambda/function:Function" && [outputs.name, outputs.arn].includes(target),
        );
        const arn = target.startsWith("arn:")
          ? target
          : `arn:${partition}:lambda:${region}:${accountId}:function:${target}`;
        return exists
          ? undefined
          : {
              property: "function",
              value: target || undefined,
              answer: `ResourceNotFoundException: Function not found: ${arn}`,
            };
      },
    },
    {
      name: "permission-principal",
      check: required(
        "principal",
        matching(/^(\*|\d{12}|arn:[a-z-]+:(iam|sts)::\d{12}:.+|([a-z0-9-]+\.)+amazonaws\.com(\.cn)?)$/),
        "InvalidParameterValueException: The provided principal was invalid. Please check the principal and try again.",
      ),
    },
    {
      name: "permission-source",
      check: optional("sourceArn", matching(/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/), "must be an ARN"),
    },
  ],
  deployment: [
    {
      actions: ["lambda:AddPermission", "lambda:RemovePermission", "lambda:GetPolicy"],
      resources: ({ inputs }, graph) =>
        resourcesOfType(graph, "aws:lambda/function:Function")
          .filter(({ outputs }) => [outputs.name, outputs.arn].includes(inputs.function))
          .map(({ outputs }) => outputs.arn),
    },
  ],
};
