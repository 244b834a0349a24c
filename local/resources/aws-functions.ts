import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";

/** A function of the provider that a program calls. */
export interface FunctionCall {
  /** Like `aws:index/getRegion:getRegion`. */
  readonly token: string;
  readonly args: Properties;
}

const functions: Readonly<Record<string, (account: AwsAccount) => Properties>> = {
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
export function awsFunctions({ token }: FunctionCall, account: AwsAccount): Properties {
  const answer = functions[token];
  if (!answer)
    throw new OperatorError(
      `the function ${token} is not emulated locally: leave it out of the stack that you run locally, or add its answer to local/resources/aws-functions.ts. Emulated are ${Object.keys(functions).join(", ")}`,
    );
  return answer(account);
}
