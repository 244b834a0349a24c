import { localAccountId, partitionOf } from "../graph/partition.ts";
import { invalid } from "./cognito-error.ts";
import type { InputOf, Members } from "./input.ts";
import { defineOperation, userPoolIdMember } from "./operation.ts";
import { pageOf, pageTokenMember } from "./page.ts";
import { defaultPasswordPolicy } from "./password-policy.ts";
import type { UserPools } from "./user-pools.ts";

/** An operation on all pools together. It needs an AWS signature. */
export interface PoolsOperation<M extends Members = Members> {
  readonly members: M;
  readonly runOnAll: (pools: UserPools, input: InputOf<M>) => object;
}

function definePoolsOperation<const M extends Members>(operation: PoolsOperation<M>): PoolsOperation {
  return operation as unknown as PoolsOperation;
}

const policyMembers = {
  MinimumLength: { type: "integer", min: 6, max: 99 },
  RequireLowercase: { type: "boolean" },
  RequireNumbers: { type: "boolean" },
  RequireSymbols: { type: "boolean" },
  RequireUppercase: { type: "boolean" },
  TemporaryPasswordValidityDays: { type: "integer", min: 0, max: 365 },
} as const;

/** One pool. Members of an update that have no effect here are taken. */
export const userPoolOperations = {
  /** Describes the pool: its settings that have an effect here, with Cognito's defaults beside them. */
  DescribeUserPool: defineOperation({
    credentials: "signature",
    members: { UserPoolId: userPoolIdMember },
    run(pool) {
      const { partition } = partitionOf(pool.region);
      const { settings } = pool;
      return {
        UserPool: {
          ...(settings.aliasAttributes.length > 0 && { AliasAttributes: settings.aliasAttributes }),
          Arn: `arn:${partition}:cognito-idp:${pool.region}:${localAccountId}:userpool/${pool.id}`,
          AutoVerifiedAttributes: ["email"],
          CreationDate: pool.createdAt,
          DeletionProtection: settings.deletionProtection,
          EstimatedNumberOfUsers: pool.users.length,
          Id: pool.id,
          LambdaConfig: {},
          LastModifiedDate: pool.createdAt,
          MfaConfiguration: "OFF",
          Name: settings.name ?? pool.id,
          Policies: { PasswordPolicy: settings.passwordPolicy },
          ...(settings.usernameAttributes.length > 0 && { UsernameAttributes: settings.usernameAttributes }),
          UserPoolTier: "ESSENTIALS",
        },
      };
    },
  }),

  /** What is left out gets its default, as documented; but not the name. */
  UpdateUserPool: defineOperation({
    credentials: "signature",
    members: {
      UserPoolId: userPoolIdMember,
      PoolName: { type: "string", pattern: "[\\w\\s+=,.@-]+", min: 1, max: 128 },
      DeletionProtection: { type: "string", values: ["ACTIVE", "INACTIVE"] },
      Policies: {
        type: "structure",
        members: { PasswordPolicy: { type: "structure", members: policyMembers } },
      },
      AdminCreateUserConfig: {
        type: "structure",
        members: { AllowAdminCreateUserOnly: { type: "boolean" } },
      },
    },
    run(pool, { PoolName, DeletionProtection, Policies, AdminCreateUserConfig }) {
      const given = Object.entries(Policies?.PasswordPolicy ?? {}).filter(([, value]) => value !== undefined);
      pool.settings = {
        ...pool.settings,
        ...(PoolName !== undefined && { name: PoolName }),
        passwordPolicy: { ...defaultPasswordPolicy, ...Object.fromEntries(given) },
        deletionProtection: DeletionProtection ?? "INACTIVE",
        isClosed: AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
      };
      return {};
    },
  }),
};

/** The operations on all pools together, by name. */
export const poolsOperations: ReadonlyMap<string, PoolsOperation> = new Map(
  Object.entries({
    ListUserPools: definePoolsOperation({
      members: {
        MaxResults: { type: "integer", required: true, min: 1, max: 60 },
        NextToken: pageTokenMember,
      },
      runOnAll(pools, { MaxResults, NextToken }) {
        const { items, next } = pageOf([...pools], MaxResults, NextToken);
        return {
          UserPools: items.map(({ id, settings, createdAt }) => ({
            CreationDate: createdAt,
            Id: id,
            LambdaConfig: {},
            LastModifiedDate: createdAt,
            Name: settings.name ?? id,
          })),
          ...(next !== undefined && { NextToken: next }),
        };
      },
    }),

    DeleteUserPool: definePoolsOperation({
      members: { UserPoolId: userPoolIdMember },
      runOnAll(pools, { UserPoolId }) {
        const { id, settings } = pools.require(UserPoolId);
        if (settings.deletionProtection === "ACTIVE") {
          throw invalid(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
          );
        }
        pools.delete(id);
        return {};
      },
    }),
  }),
);
