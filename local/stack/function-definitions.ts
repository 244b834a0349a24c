import type { Callers } from "../account/callers.ts";
import { type LeaveOut, readEach } from "../graph/read-each.ts";
import {
  type PackageFiles,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../graph/resource-graph.ts";
import { checkDefinition, type FunctionDefinition } from "../lambda/function-definition.ts";
import { OperatorError } from "../operator-error.ts";

/** Lambda's own defaults, for what a program leaves open. */
const defaults = { memoryMb: 128, timeoutSeconds: 3 };

/**
 * The functions that the program declares, with the very packages that it would upload.
 * @param leaveOut told of each function that this machine cannot run, which is then not there
 * @throws {Error} that names such a function, unless there is `leaveOut`
 */
export function functionDefinitions(
  graph: ResourceGraph,
  callers: Callers,
  leaveOut?: LeaveOut,
): FunctionDefinition[] {
  const functions = resourcesOfType(graph, "aws:lambda/function:Function");
  return readEach(functions, (resource) => readDefinition(resource, callers), leaveOut);
}

function readDefinition({ name, inputs, outputs }: RecordedResource, callers: Callers): FunctionDefinition {
  const code = inputs.code as PackageFiles | undefined;
  if (!code?.files)
    throw new OperatorError(
      `function "${name}": local mode runs code given as an archive of local files (code), nothing else`,
    );
  const definition = {
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
    region: String(outputs.arn).split(":")[3] ?? "",
    credentials: callers.ofFunction(outputs.arn).credentials,
    ...(inputs.reservedConcurrentExecutions >= 0 && {
      reservedConcurrency: inputs.reservedConcurrentExecutions,
    }),
  };
  checkDefinition(definition);
  return definition;
}
