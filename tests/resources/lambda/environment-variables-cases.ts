import { type AcceptedCase, type RuleCase, shown } from "../rule-case.ts";

const lambda = ["lambda/function:Function", "sentry"] as const;

function variables(names: Readonly<Record<string, string>>) {
  return { environment: { variables: names } };
}

const reserved = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
];

/** Variables that are so many bytes as JSON. */
function variablesOf(bytes: number) {
  return variables({ KEY: "x".repeat(bytes - '{"KEY":""}'.length) });
}

export const refused: readonly RuleCase[] = [
  ...["2ND", "A", "MY-MODE", "_MODE"].map((name) => ({
    rule: "function-variable-names",
    of: lambda,
    inputs: variables({ MODE: "strict", [name]: "" }),
    says: `environment.variables is ["${name}"]: names must start with a letter and have at least two characters: letters, digits and _`,
  })),
  {
    rule: "function-reserved-variables",
    of: lambda,
    inputs: variables({ ...Object.fromEntries(reserved.map((name) => [name, "mine"])), MODE: "strict" }),
    says: `environment.variables is ${shown(reserved)}: InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
  },
  {
    rule: "function-variables-size",
    of: lambda,
    inputs: variablesOf(4097),
    says: "environment.variables in bytes is 4097: InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "variables of 4 KB", of: lambda, inputs: variablesOf(4096) },
];
