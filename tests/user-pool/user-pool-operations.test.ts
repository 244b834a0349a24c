import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { userPoolOperations } from "../../local/user-pool/user-pool-operations.ts";
import { done, invalid, startLocalCognito, startTimeSeconds, userPoolId } from "./local-cognito.ts";

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
      const answer = userPoolOperations.DescribeUserPool.run(pool, { UserPoolId: id }, () => {});
      return (answer as { UserPool: { Arn: string } }).UserPool.Arn;
    };
    assert.deepEqual(["cn-north-1_aB1", "us-gov-west-1_aB1"].map(arnOf), [
      "arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_aB1",
      "arn:aws-us-gov:cognito-idp:us-gov-west-1:123456789012:userpool/us-gov-west-1_aB1",
    ]);
  });
});

describe("the pools together", () => {
  it("are listed for holders of AWS credentials, and deleted unless they are protected", async () => {
    const cognito = await startLocalCognito();
    try {
      const listed = async () => {
        const { status, body } = await cognito.callSigned("ListUserPools", { MaxResults: 10 });
        assert.equal(status, 200);
        return (body as { UserPools: { Id: string; Name: string }[] }).UserPools;
      };
      assert.deepEqual(
        (await listed()).map(({ Id, Name }) => [Id, Name]),
        [[userPoolId, userPoolId]],
      );
      assert.equal((await cognito.call("ListUserPools", { MaxResults: 10 })).status, 400);
      cognito.pool.settings = { ...cognito.pool.settings, deletionProtection: "ACTIVE" };
      assert.deepEqual(
        await cognito.admin("DeleteUserPool"),
        invalid(
          "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
        ),
      );
      await cognito.admin("UpdateUserPool");
      assert.deepEqual(await cognito.admin("DeleteUserPool"), done);
      assert.deepEqual(await listed(), []);
    } finally {
      await cognito.server.close();
    }
  });
});
