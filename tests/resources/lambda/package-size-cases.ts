import { randomBytes } from "node:crypto";
import type { Alter } from "../../altered-graph.ts";
import type { RuleCase } from "../rule-case.ts";

const lambda = ["lambda/function:Function", "sentry"] as const;

const mebibyte = 1024 ** 2;

/** The program with these files in the function's package, made when they are needed. */
function withFiles(contents: () => readonly unknown[]): Alter {
  return (resource) =>
    resource.type === `aws:${lambda[0]}`
      ? { ...resource, inputs: { ...resource.inputs, code: { files: { ...contents() } } } }
      : resource;
}

export const refused: readonly RuleCase[] = [
  {
    rule: "function-package-size",
    of: lambda,
    alter: withFiles(() => [Buffer.alloc(200 * mebibyte), Buffer.alloc(50 * mebibyte + 1)]),
    says: "code in bytes is 262144001: InvalidParameterValueException: Unzipped size must be smaller than 262144000 bytes",
  },
  {
    rule: "function-upload-size",
    of: lambda,
    alter: withFiles(() => [randomBytes(50 * mebibyte + 1)]),
    says: "code in zipped MB is 50.1: RequestEntityTooLargeException: Request must be smaller than 70167211 bytes for the CreateFunction operation",
  },
];
