import { type PackageFiles, type ResourceGraph, resourcesOfType } from "../graph/resource-graph.ts";
import { evaluatePolicies, type PolicyDocument, parsePolicyDocument } from "../iam/policy-evaluator.ts";
import type { FunctionDefinition } from "../lambda/function-definition.ts";
import type { Callers } from "./callers.ts";

/** Lambda's own defaults, for what a program leaves open. */
const defaults = { memoryMb: 128, timeoutSeconds: 3 };

/** The functions that the program declares, with the very packages that it would upload. */
export function functionDefinitions(graph: ResourceGraph, callers: Callers): FunctionDefinition[] {
  return resourcesOfType(graph, "aws:lambda/function:Function").map(({ name, inputs, outputs }) => {
    const code = inputs.code as PackageFiles | undefined;
    if (!code?.files)
      throw new Error(
        `function "${name}": local mode runs code given as an archive of local files (code), nothing else`,
      );
    return {
      functionName: outputs.name,
      functionArn: outputs.arn,
      logicalName: name,
      files: code.files,
      handler: inputs.handler,
      runtime: inputs.runtime,
      memoryMb: inputs.memorySize ?? defaults.memoryMb,
      timeoutMs: (inputs.timeout ?? defaults.timeoutSeconds) * 1000,
      environment: inputs.environment?.variables ?? {},
      logGroupName: inputs.loggingConfig?.logGroup ?? `/aws/lambda/${outputs.name}`,
      ...(inputs.loggingConfig?.logFormat === "JSON" && {
        logging: { format: "JSON" as const, level: inputs.loggingConfig.applicationLogLevel },
      }),
      region: graph.account.region,
      credentials: callers.ofFunction(outputs.arn).credentials,
      ...(inputs.reservedConcurrentExecutions >= 0 && {
        reservedConcurrency: inputs.reservedConcurrentExecutions,
      }),
    };
  });
}

/** Who may call which function: the policies that Lambda permissions add up to. */
export function functionPolicies(
  graph: Pick<ResourceGraph, "account" | "resources">,
): (functionArn: string, sourceArn: string) => boolean {
  const functions = resourcesOfType(graph, "aws:lambda/function:Function");
  const policies = new Map<string, PolicyDocument[]>();
  for (const { name, inputs } of resourcesOfType(graph, "aws:lambda/permission:Permission")) {
    const target = functions.find(({ outputs }) => [outputs.name, outputs.arn].includes(inputs.function));
    if (!target) throw new Error(`permission "${name}": there is no function ${inputs.function}`);
    const document = parsePolicyDocument(
      statementOf(inputs, target.outputs.arn),
      `permission "${name}"`,
      "resource",
    );
    policies.set(target.outputs.arn, [...(policies.get(target.outputs.arn) ?? []), document]);
  }
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
  { functionArn, logGroupName }: FunctionDefinition,
): boolean {
  const { partition, region, accountId } = graph.account;
  const stream = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}:log-stream:local`;
  const caller = callers.ofFunction(functionArn);
  return caller.may("logs:CreateLogStream", stream) && caller.may("logs:PutLogEvents", stream);
}
