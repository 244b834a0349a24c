import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";

const functions: Readonly<Record<string, (account: AwsAccount) => object>> = {
  "aws:index/getPartition:getPartition": ({ partition, dnsSuffix }) => ({
    id: partition,
    partition,
    dnsSuffix,
    reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({ id: region, region, name: region }),
  "aws:index/getCallerIdentity:getCallerIdentity": ({ accountId, partition }) => ({
    id: accountId,
    accountId,
    arn: `arn:${partition}:iam::${accountId}:user/local`,
    userId: "AIDALOCAL",
  }),
};

/** Answers what a program asks of AWS without creating anything. @throws {OperatorError} for what nobody has emulated */
export function awsFunctions({ token }: pulumi.runtime.MockCallArgs, account: AwsAccount): object {
  const answer = functions[token];
  if (!answer) {
    const details = `the function ${token} is not emulated locally: leave it out of the stack that you run locally, or add its answer to local/resources/aws-functions.ts. Emulated are ${Object.keys(functions).join(", ")}`;
    // Pulumi reports a failed call with what gRPC names its details.
    throw Object.assign(new OperatorError(details), { details });
  }
  return answer(account);
}
