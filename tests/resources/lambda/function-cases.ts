import type { Alter } from "../../altered-graph.ts";
import { type AcceptedCase, constraint, type RuleCase } from "../rule-case.ts";

const lambda = ["lambda/function:Function", "sentry"] as const;

const tooMuchReserved =
  "InvalidParameterValueException: Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].";

/** The program with a reserved concurrency of its function. */
function reserving(reserved: number): Alter {
  return (resource) =>
    resource.type === `aws:${lambda[0]}` && resource.name === lambda[1]
      ? { ...resource, inputs: { ...resource.inputs, reservedConcurrentExecutions: reserved } }
      : resource;
}

/** One more function with a reserved concurrency of its own. */
function anotherReserving(reserved: number) {
  return `new aws.lambda.Function("another", { role: role.arn, runtime: "nodejs24.x", handler: "index.handler",
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("code") }), reservedConcurrentExecutions: ${reserved} }, { dependsOn: lambda });`;
}

const notAssumable =
  "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.";

/** The program with another trust policy of the function's role. */
function trusting(change: (policy: string) => string): Alter {
  return (resource) =>
    resource.type === "aws:iam/role:Role" && resource.name === "sentry"
      ? { ...resource, inputs: { assumeRolePolicy: change(resource.inputs.assumeRolePolicy) } }
      : resource;
}

const runtimes =
  "nodejs24.x, nodejs22.x, nodejs20.x, python3.14, python3.13, python3.12, python3.11, python3.10, java25, java21, java17, java11, java8.al2, dotnet10, dotnet9, dotnet8, ruby3.4, ruby3.3, provided.al2023, provided.al2";

export const refused: readonly RuleCase[] = [
  {
    rule: "function-reserved-concurrency",
    of: lambda,
    inputs: { reservedConcurrentExecutions: 901 },
    says: `reservedConcurrentExecutions is 901: ${tooMuchReserved}`,
  },
  {
    rule: "function-reserved-concurrency",
    of: ["lambda/function:Function", "another"],
    alter: reserving(500),
    more: anotherReserving(401),
    says: `reservedConcurrentExecutions is 401: ${tooMuchReserved}`,
  },
  {
    rule: "function-reserved-concurrency",
    of: ["lambda/function:Function", "another"],
    alter: reserving(-1),
    more: anotherReserving(901),
    says: `reservedConcurrentExecutions is 901: ${tooMuchReserved}`,
  },
  ...["say it", "n".repeat(65)].map((name) => ({
    rule: "function-name",
    of: lambda,
    inputs: { name },
    says: `name is "${name}": must be 1 to 64 letters, digits, - and _`,
  })),
  {
    rule: "function-role",
    of: lambda,
    inputs: { role: "sentry" },
    says: `role is "sentry": ${constraint("ValidationException", "sentry", "role", String.raw`satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`)}`,
  },
  ...[
    (policy: string) => policy.replace("lambda.amazonaws.com", "apigateway.amazonaws.com"),
    (policy: string) => policy.replace("Allow", "Deny"),
    (policy: string) => policy.replace("sts:AssumeRole", "sts:TagSession"),
  ].map((change) => ({
    rule: "function-role-trust",
    of: lambda,
    alter: trusting(change),
    says: `role is "{role}": ${notAssumable}`,
  })),
  {
    rule: "function-runtime",
    of: lambda,
    inputs: { runtime: "nodejs8.10" },
    says: `runtime is "nodejs8.10": must be one of ${runtimes}`,
  },
  ...[
    "handler",
    "index.",
    ".handler",
    "../index.handler",
    "my index.handler",
    `${"h".repeat(121)}.handler`,
  ].map((handler) => ({
    rule: "function-handler",
    of: lambda,
    inputs: { handler },
    says: `handler is "${handler}": must be <path of the module, without its extension>.<name of the export>, up to 128 characters`,
  })),
  {
    rule: "function-timeout",
    of: lambda,
    inputs: { timeout: 0 },
    says: `timeout is 0: ${constraint("ValidationException", 0, "timeout", "have value greater than or equal to 1")}`,
  },
  {
    rule: "function-timeout",
    of: lambda,
    inputs: { timeout: 901 },
    says: `timeout is 901: ${constraint("ValidationException", 901, "timeout", "have value less than or equal to 900")}`,
  },
  {
    rule: "function-memory",
    of: lambda,
    inputs: { memorySize: 127 },
    says: `memorySize is 127: ${constraint("ValidationException", 127, "memorySize", "have value greater than or equal to 128")}`,
  },
  {
    rule: "function-memory",
    of: lambda,
    inputs: { memorySize: 10_241 },
    says: `memorySize is 10241: ${constraint("ValidationException", 10_241, "memorySize", "have value less than or equal to 10240")}`,
  },
  ...[["arm"], [], ["arm64", "x86_64"]].map((architectures) => ({
    rule: "function-architectures",
    of: lambda,
    inputs: { architectures },
    says: `architectures is ${JSON.stringify(architectures)}: must be one of arm64, x86_64`,
  })),
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a name of 64 characters", of: lambda, inputs: { name: "n".repeat(64) } },
  { what: "a role of somebody else", of: lambda, inputs: { role: "arn:aws:iam::123456789012:role/any" } },
  {
    what: "a role that trusts Lambda among others, for functions of this account",
    of: lambda,
    alter: trusting((policy) => {
      const { Statement, ...document } = JSON.parse(policy);
      const Condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
      const Principal = { Service: ["edgelambda.amazonaws.com", "lambda.amazonaws.com"] };
      return JSON.stringify({ ...document, Statement: [{ ...Statement[0], Principal, Condition }] });
    }),
  },
  ...["src/index.handler", "index.nested.handler", `${"h".repeat(120)}.handler`].map((handler) => ({
    what: `the handler ${handler}`,
    of: lambda,
    inputs: { handler },
  })),
  { what: "the shortest timeout and the least memory", of: lambda, inputs: { timeout: 1, memorySize: 128 } },
  {
    what: "the longest timeout and the most memory",
    of: lambda,
    inputs: { timeout: 900, memorySize: 10_240 },
  },
  { what: "the other architecture", of: lambda, inputs: { architectures: ["x86_64"] } },
  {
    what: "what Lambda has defaults for",
    of: lambda,
    inputs: { timeout: undefined, memorySize: undefined, architectures: undefined, environment: undefined },
  },
  {
    what: "all the concurrency that may be reserved, and a function without any",
    of: lambda,
    alter: reserving(500),
    more: `${anotherReserving(400)} ${anotherReserving(-1).replace('"another"', '"third"')}`,
  },
];
