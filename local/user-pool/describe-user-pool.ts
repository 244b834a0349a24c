import { localAccountId, partitionOf } from "../graph/partition.ts";
import { defineOperation, type Operation, userPoolIdMember } from "./operation.ts";
import { passwordPolicy } from "./password-policy.ts";

/** Describes the pool: Cognito's defaults, with e-mail addresses verified by a code. */
export const describeUserPool: Operation = defineOperation({
  credentials: "signature",
  members: { UserPoolId: userPoolIdMember },
  run(pool) {
    const { partition } = partitionOf(pool.region);
    return {
      UserPool: {
        Arn: `arn:${partition}:cognito-idp:${pool.region}:${localAccountId}:userpool/${pool.id}`,
        AutoVerifiedAttributes: ["email"],
        CreationDate: pool.createdAt,
        DeletionProtection: "INACTIVE",
        EstimatedNumberOfUsers: pool.users.length,
        Id: pool.id,
        LambdaConfig: {},
        LastModifiedDate: pool.createdAt,
        MfaConfiguration: "OFF",
        Name: pool.id,
        Policies: { PasswordPolicy: passwordPolicy },
        UserPoolTier: "ESSENTIALS",
      },
    };
  },
});
