import type { Properties } from "../../graph/resource-graph.ts";
import type { Rule } from "../rule.ts";

/** Names that Lambda sets itself (developer guide, "Defined runtime environment variables", the reserved ones). */
const reservedVariables = [
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

const maxVariableBytes = 4096;

/** What Lambda refuses of a function's environment. */
export const environmentVariableRules: readonly Rule[] = [
  {
    name: "function-variable-names",
    check: ({ inputs }) => {
      const wrong = Object.keys(variablesOf(inputs)).find(
        (name) => !reservedVariables.includes(name) && !/^[A-Za-z][A-Za-z0-9_]+$/.test(name),
      );
      return wrong === undefined
        ? undefined
        : {
            property: "environment.variables",
            value: [wrong],
            answer: "names must start with a letter and have at least two characters: letters, digits and _",
          };
    },
  },
  {
    name: "function-reserved-variables",
    check: ({ inputs }) => {
      const reserved = Object.keys(variablesOf(inputs)).filter((name) => reservedVariables.includes(name));
      return reserved.length === 0
        ? undefined
        : {
            property: "environment.variables",
            value: reserved,
            answer: `InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
          };
    },
  },
  {
    name: "function-variables-size",
    check: ({ inputs }) => {
      // Lambda counts the variables as JSON: it answered "Measured size: 4104 bytes" for a name and a value of 4097.
      const bytes = Buffer.byteLength(JSON.stringify(variablesOf(inputs)));
      return bytes > maxVariableBytes
        ? {
            property: "environment.variables in bytes",
            value: bytes,
            answer:
              "InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
          }
        : undefined;
    },
  },
];

function variablesOf({ environment }: Properties): Readonly<Record<string, string>> {
  return environment?.variables ?? {};
}
