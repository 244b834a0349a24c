import { OperatorError } from "../operator-error.ts";
import { localAccountId, partitionOf } from "./partition.ts";
import type { AwsAccount } from "./resource-graph.ts";

/** Like us-east-1, us-gov-west-1 or ap-southeast-2: AWS refuses others, of which most are misspelt. */
const regionForm = /^[a-z]{2,4}(-[a-z]+)?-(central|north|south|(north|south)?(east|west))-\d$/;

/**
 * The emulated account: the region that the stack is configured with, or AWS_REGION, and its partition.
 * @throws {OperatorError} with the command that sets a region, if there is none of its form
 */
export function accountOf(
  config: Readonly<Record<string, string>>,
  overrides: Partial<AwsAccount> = {},
): AwsAccount {
  const region = config["aws:region"] ?? process.env.AWS_REGION;
  const set = "npx pulumi config set aws:region us-east-1 (in the stack's file: aws:region: us-east-1)";
  if (!region) throw new OperatorError(`no AWS region is configured: ${set}`);
  if (!regionForm.test(region))
    throw new OperatorError(`the AWS region is "${region}", but there is none of this form: ${set}`);
  return { accountId: localAccountId, region, ...partitionOf(region), ...overrides };
}
