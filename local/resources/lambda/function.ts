import type { Properties } from "../../graph/resource-graph.ts";
import { generatedName } from "../generated-name.ts";
import { assumableBy, declaredRole } from "../iam/assumable-role.ts";
import { arnOf } from "../identifiers.ts";
import { tagActions } from "../needs.ts";
import { matching, memberBetween, memberOfForm, oneOf, optional } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { environmentVariableRules } from "./environment-variables.ts";
import { packageHash } from "./package-hash.ts";
import { packageSizeRules } from "./package-size.ts";

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

/** Of the account's default quota of 1,000, AWS keeps 100 for functions that reserve none. */
const maxReservedConcurrency = 900;

/** A function. Its version is always $LATEST, as nothing here publishes one. */
export const lambdaFunction: ResourceType = {
  type: "aws:lambda/function:Function",
  takesTags: true,
  generatedName: { ...generatedName, maxLength: 64 },
  create: ({ inputs }, account) => {
    const { name, loggingConfig } = inputs;
    const { partition, region } = account;
    const functionArn = arnOf("lambda", account, `function:${name}`);
    const pathTo = (arn: string, version: string, call: string) =>
      `arn:${partition}:apigateway:${region}:lambda:path/${version}/functions/${arn}/${call}`;
    return {
      id: name,
      outputs: {
        arn: functionArn,
        qualifiedArn: `${functionArn}:$LATEST`,
        invokeArn: pathTo(functionArn, "2015-03-31", "invocations"),
        qualifiedInvokeArn: pathTo(`${functionArn}:$LATEST`, "2015-03-31", "invocations"),
        responseStreamingInvokeArn: pathTo(functionArn, "2021-11-15", "response-streaming-invocations"),
        loggingConfig: { logFormat: "Text", logGroup: `/aws/lambda/${name}`, ...loggingConfig },
        ...packageHash(inputs),
      },
    };
  },
  defaults: {
    architectures: ["x86_64"],
    ephemeralStorage: { size: 512 },
    lastModified: "2025-01-01T00:00:00.000+0000",
    memorySize: 128,
    packageType: "Zip",
    publish: false,
    reservedConcurrentExecutions: -1,
    skipDestroy: false,
    timeout: 3,
    tracingConfig: { mode: "PassThrough" },
    version: "$LATEST",
  },
  replacedBy: ["name", "packageType", "tenancyConfig"],
  taken: {
    properties: ["name"],
    answer: ({ outputs: { name } }) => `ResourceConflictException: Function already exist: ${name}`,
  },
  deletes: ({ outputs }, { type, inputs }) =>
    type === "aws:lambda/permission:Permission" && [outputs.name, outputs.arn].includes(inputs.function),
  rules: [
    {
      name: "function-name",
      check: optional("name", matching(/^[A-Za-z0-9_-]{1,64}$/), "must be 1 to 64 letters, digits, - and _"),
    },
    {
      name: "function-role",
      check: memberOfForm(
        "role",
        "role",
        { pattern: "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+", maxLength: 2048 },
        "ValidationException",
      ),
    },
    {
      name: "function-role-trust",
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
      check: optional("runtime", oneOf(...runtimes), `must be one of ${runtimes.join(", ")}`),
    },
    {
      // AWS takes any text without a space, and then fails each time the function starts.
      name: "function-handler",
      check: optional(
        "handler",
        matching(/^(?=.{1,128}$)(?!.*\.\.)(\S*\/)?[^\s./]+\.[^\s/]+$/),
        "must be <path of the module, without its extension>.<name of the export>, up to 128 characters",
      ),
    },
    {
      name: "function-timeout",
      check: memberBetween("timeout", 1, 900, "ValidationException"),
    },
    {
      name: "function-memory",
      check: memberBetween("memorySize", 128, 10_240, "ValidationException"),
    },
    {
      name: "function-architectures",
      check: optional(
        "architectures",
        (list) => list.length === 1 && ["arm64", "x86_64"].includes(list[0]),
        "must be one of arm64, x86_64",
      ),
    },
    ...environmentVariableRules,
    {
      name: "function-reserved-concurrency",
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
    ...packageSizeRules,
  ],
  deployment: [
    {
      actions: [
        ...[
          "lambda:CreateFunction",
          "lambda:GetFunction",
          "lambda:DeleteFunction",
          "lambda:UpdateFunctionCode",
        ],
        ...["lambda:UpdateFunctionConfiguration", "lambda:GetFunctionConfiguration"],
        ...["lambda:GetFunctionCodeSigningConfig", "lambda:ListVersionsByFunction", "lambda:ListTags"],
        ...["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency", ...tagActions("lambda")],
      ],
    },
    {
      actions: ["iam:PassRole"],
      resources: ({ inputs }) => [inputs.role],
      condition: () => ({ StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } }),
    },
  ],
};

/** -1, the provider's default, reserves nothing. */
function reservedConcurrency({ reservedConcurrentExecutions = -1 }: Properties): number {
  return Math.max(0, reservedConcurrentExecutions);
}
