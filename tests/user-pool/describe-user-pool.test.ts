import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { describeUserPool } from "../../local/user-pool/describe-user-pool.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { startLocalCognito, startTimeSeconds, userPoolId } from "./local-cognito.ts";

describe("DescribeUserPool", () => {
  it("describes the pool", async () => {
    const cognito = await startLocalCognito();
    const outcome = await cognito.admin("DescribeUserPool").finally(() => cognito.server.close());
    assert.deepEqual(outcome, [
      200,
      {
        UserPool: {
          Arn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_LocalPool",
          AutoVerifiedAttributes: ["email"],
          CreationDate: startTimeSeconds,
          DeletionProtection: "INACTIVE",
          EstimatedNumberOfUsers: 2,
          Id: userPoolId,
          LambdaConfig: {},
          LastModifiedDate: startTimeSeconds,
          MfaConfiguration: "OFF",
          Name: userPoolId,
          Policies: {
            PasswordPolicy: {
              MinimumLength: 8,
              RequireLowercase: true,
              RequireNumbers: true,
              RequireSymbols: true,
              RequireUppercase: true,
              TemporaryPasswordValidityDays: 7,
            },
          },
          UserPoolTier: "ESSENTIALS",
        },
      },
    ]);
  });

  it("names the pool by an ARN of its partition", () => {
    const signingKeys = generateSigningKeys();
    const arnOf = (id: string) => {
      const pool = new UserPool({ userPoolId: id, clients: [], users: [], signingKeys });
      const answer = describeUserPool.run(pool, { UserPoolId: id }, () => {});
      return (answer as { UserPool: { Arn: string } }).UserPool.Arn;
    };
    assert.deepEqual(["cn-north-1_aB1", "us-gov-west-1_aB1"].map(arnOf), [
      "arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_aB1",
      "arn:aws-us-gov:cognito-idp:us-gov-west-1:123456789012:userpool/us-gov-west-1_aB1",
    ]);
  });
});
