import { type LeaveOut, readEach } from "../graph/read-each.ts";
import { type RecordedResource, type ResourceGraph, resourcesOfType } from "../graph/resource-graph.ts";
import { evaluatePolicies, type PolicyDocument, parsePolicyDocument } from "../iam/policy-evaluator.ts";
import { OperatorError } from "../operator-error.ts";
import type { Callers } from "./callers.ts";

/**
 * Who may call which function: the policies that Lambda permissions add up to.
 * @param leaveOut told of each permission whose function is not there
 * @throws {Error} that names such a permission, unless there is `leaveOut`
 */
export function functionPolicies(
  graph: Pick<ResourceGraph, "account" | "resources">,
  leaveOut?: LeaveOut,
): (functionArn: string, sourceArn: string) => boolean {
  const functions = resourcesOfType(graph, "aws:lambda/function:Function");
  const policies = new Map<string, PolicyDocument[]>();
  const add = ({ name, inputs }: RecordedResource) => {
    const target = functions.find(({ outputs }) => [outputs.name, outputs.arn].includes(inputs.function));
    if (!target) throw new OperatorError(`permission "${name}": there is no function ${inputs.function}`);
    const document = parsePolicyDocument(
      statementOf(inputs, target.outputs.arn),
      `permission "${name}"`,
      "resource",
    );
    policies.set(target.outputs.arn, [...(policies.get(target.outputs.arn) ?? []), document]);
  };
  readEach(resourcesOfType(graph, "aws:lambda/permission:Permission"), add, leaveOut);
  const decide = (functionArn: string, sourceArn: string) =>
    evaluatePolicies(policies.get(functionArn) ?? [], {
      action: "lambda:InvokeFunction",
      resource: functionArn,
      principal: { Service: "apigateway.amazonaws.com" },
      conditionKeys: { "aws:SourceArn": sourceArn, "aws:SourceAccount": graph.account.accountId },
    }) === "allowed";
  // Each message asks, and the answer stays what it was.
  const decisions = new Map<string, boolean>();
  return (functionArn, sourceArn) => {
    const key = `${functionArn} ${sourceArn}`;
    const decision = decisions.get(key) ?? decide(functionArn, sourceArn);
    decisions.set(key, decision);
    return decision;
  };
}

function statementOf(inputs: { readonly [name: string]: string }, functionArn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { [/^(\*$|\d|arn:)/.test(inputs.principal ?? "") ? "AWS" : "Service"]: inputs.principal },
        Action: inputs.action,
        Resource: functionArn,
        ...((inputs.sourceArn || inputs.sourceAccount) && {
          Condition: {
            ...(inputs.sourceArn && { ArnLike: { "AWS:SourceArn": inputs.sourceArn } }),
            ...(inputs.sourceAccount && { StringEquals: { "AWS:SourceAccount": inputs.sourceAccount } }),
          },
        }),
      },
    ],
  };
}

/** Whether the function's role lets it write its log; if not, AWS drops every line without a word. */
export function mayWriteLogs(
  graph: ResourceGraph,
  callers: Callers,
  { functionArn, logGroupName }: { readonly functionArn: string; readonly logGroupName: string },
): boolean {
  const { partition, region, accountId } = graph.account;
  const stream = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}:log-stream:local`;
  const caller = callers.ofFunction(functionArn);
  return caller.may("logs:CreateLogStream", stream) && caller.may("logs:PutLogEvents", stream);
}
