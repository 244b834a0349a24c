import { deflateRawSync } from "node:zlib";
import type { PackageFiles, Properties } from "../../graph/resource-graph.ts";
import { assumableBy, declaredRole } from "./assumable-role.ts";
import { matching, memberBetween, memberOfForm, oneOf, optional, required } from "./property-checks.ts";
import type { Rule } from "./rule.ts";

const lambdaFunction = ["lambda/function:Function"];
const permission = ["lambda/permission:Permission"];

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

/** Runtimes of the developer guide's list, "Supported runtimes"; it changes, and AWS's own answer lists them. */
const runtimes = [
  "nodejs24.x",
  "nodejs22.x",
  "nodejs20.x",
  ...["3.14", "3.13", "3.12", "3.11", "3.10"].map((version) => `python${version}`),
  ...["25", "21", "17", "11", "8.al2"].map((version) => `java${version}`),
  ...["10", "9", "8"].map((version) => `dotnet${version}`),
  ...["3.4", "3.3"].map((version) => `ruby${version}`),
  "provided.al2023",
  "provided.al2",
];

const maxVariableBytes = 4096;
/** Of the account's default quota of 1,000, AWS keeps 100 for functions that reserve none. */
const maxReservedConcurrency = 900;

const maxZippedBytes = 50 * 1024 * 1024;
const maxUnzippedBytes = 250 * 1024 * 1024;

export const lambdaRules: readonly Rule[] = [
  {
    name: "function-name",
    types: lambdaFunction,
    check: optional("name", matching(/^[A-Za-z0-9_-]{1,64}$/), "must be 1 to 64 letters, digits, - and _"),
  },
  {
    name: "function-role",
    types: lambdaFunction,
    check: memberOfForm(
      "role",
      "role",
      { pattern: "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+", maxLength: 2048 },
      "ValidationException",
    ),
  },
  {
    name: "function-role-trust",
    types: lambdaFunction,
    check: ({ inputs: { role } }, surroundings) => {
      const declared = declaredRole(role, surroundings);
      return declared && !assumableBy("lambda.amazonaws.com", declared, surroundings)
        ? {
            property: "role",
            value: role,
            answer:
              "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
          }
        : undefined;
    },
  },
  {
    name: "function-runtime",
    types: lambdaFunction,
    check: optional("runtime", oneOf(...runtimes), `must be one of ${runtimes.join(", ")}`),
  },
  {
    // AWS takes any text without a space, and then fails each time the function starts.
    name: "function-handler",
    types: lambdaFunction,
    check: optional(
      "handler",
      matching(/^(?=.{1,128}$)(?!.*\.\.)(\S*\/)?[^\s./]+\.[^\s/]+$/),
      "must be <path of the module, without its extension>.<name of the export>, up to 128 characters",
    ),
  },
  {
    name: "function-timeout",
    types: lambdaFunction,
    check: memberBetween("timeout", 1, 900, "ValidationException"),
  },
  {
    name: "function-memory",
    types: lambdaFunction,
    check: memberBetween("memorySize", 128, 10_240, "ValidationException"),
  },
  {
    name: "function-architectures",
    types: lambdaFunction,
    check: optional(
      "architectures",
      (list) => list.length === 1 && ["arm64", "x86_64"].includes(list[0]),
      "must be one of arm64, x86_64",
    ),
  },
  {
    name: "function-variable-names",
    types: lambdaFunction,
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
    types: lambdaFunction,
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
    types: lambdaFunction,
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
  {
    name: "function-reserved-concurrency",
    types: lambdaFunction,
    check: ({ inputs }, { resources }) => {
      const reserved = reservedConcurrency(inputs);
      const others = resources.filter(({ type }) => type === "aws:lambda/function:Function");
      const sum = others.reduce((total, other) => total + reservedConcurrency(other.inputs), reserved);
      return sum > maxReservedConcurrency
        ? {
            property: "reservedConcurrentExecutions",
            value: reserved,
            answer:
              "InvalidParameterValueException: Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
          }
        : undefined;
    },
  },
  {
    name: "function-package-size",
    types: lambdaFunction,
    check: ({ inputs }) => {
      const bytes = packageContents(inputs).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
      return bytes > maxUnzippedBytes
        ? {
            property: "code in bytes",
            value: bytes,
            answer: `InvalidParameterValueException: Unzipped size must be smaller than ${maxUnzippedBytes} bytes`,
          }
        : undefined;
    },
  },
  {
    name: "function-upload-size",
    types: lambdaFunction,
    check: ({ inputs }) => {
      const contents = packageContents(inputs);
      const unzipped = contents.reduce((sum, content) => sum + Buffer.byteLength(content), 0);
      if (unzipped <= maxZippedBytes) return undefined;
      const bytes = contents.reduce((sum, content) => sum + deflateRawSync(content).length, 0);
      return bytes > maxZippedBytes
        ? {
            property: "code in zipped MB",
            value: Math.ceil((bytes / 1024 ** 2) * 10) / 10,
            answer:
              "RequestEntityTooLargeException: Request must be smaller than 70167211 bytes for the CreateFunction operation",
          }
        : undefined;
    },
  },
  {
    name: "permission-function",
    types: permission,
    check: ({ inputs: { function: target } }, { account, resources }) => {
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
            value: target,
            answer: `ResourceNotFoundException: Function not found: ${arn}`,
          };
    },
  },
  {
    name: "permission-principal",
    types: permission,
    check: required(
      "principal",
      matching(/^(\*|\d{12}|arn:[a-z-]+:(iam|sts)::\d{12}:.+|([a-z0-9-]+\.)+amazonaws\.com(\.cn)?)$/),
      "InvalidParameterValueException: The provided principal was invalid. Please check the principal and try again.",
    ),
  },
  {
    name: "permission-source",
    types: permission,
    check: optional("sourceArn", matching(/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/), "must be an ARN"),
  },
];

function variablesOf({ environment }: Properties): Readonly<Record<string, string>> {
  return environment?.variables ?? {};
}

/** -1, the provider's default, reserves nothing. */
function reservedConcurrency({ reservedConcurrentExecutions = -1 }: Properties): number {
  return Math.max(0, reservedConcurrentExecutions);
}

function packageContents({ code }: Properties): (string | Uint8Array)[] {
  return Object.values((code as PackageFiles | undefined)?.files ?? {});
}
