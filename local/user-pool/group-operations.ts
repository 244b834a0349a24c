import { CognitoError } from "./cognito-error.ts";
import { defineOperation, requireUser, usernameMember, userPoolIdMember } from "./operation.ts";
import { limitMember, pageOf, pageTokenMember } from "./page.ts";
import type { Group, UserPool } from "./user-pool.ts";

const { sensitive: _, ...groupNameMember } = usernameMember;
const members = { UserPoolId: userPoolIdMember, GroupName: groupNameMember } as const;
const membershipMembers = { ...members, Username: usernameMember } as const;
const pageMembers = { Limit: limitMember, NextToken: pageTokenMember } as const;

const settingMembers = {
  Description: { type: "string", max: 2048 },
  RoleArn: {
    type: "string",
    pattern:
      "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
    min: 20,
    max: 2048,
  },
  Precedence: { type: "integer", min: 0 },
} as const;

/** Groups and who is in them; tokens issued afterwards carry the change. */
export const groupOperations = {
  CreateGroup: defineOperation({
    credentials: "signature",
    members: {
      ...members,
      ...settingMembers,
    },
    run(pool, { GroupName, Description, RoleArn, Precedence }) {
      if (pool.findGroup(GroupName) !== undefined) {
        throw new CognitoError("GroupExistsException", "A group with the name already exists.");
      }
      const group = pool.putGroup({
        name: GroupName,
        description: Description,
        precedence: Precedence,
        roleArn: RoleArn,
      });
      return { Group: describeGroup(pool, group) };
    },
  }),

  GetGroup: defineOperation({
    credentials: "signature",
    members,
    run: (pool, { GroupName }) => ({ Group: describeGroup(pool, requireGroup(pool, GroupName)) }),
  }),

  /** What is left out stays as it is. */
  UpdateGroup: defineOperation({
    credentials: "signature",
    members: { ...members, ...settingMembers },
    run(pool, { GroupName, Description, RoleArn, Precedence }) {
      const former = requireGroup(pool, GroupName);
      const group = pool.putGroup({
        name: GroupName,
        description: Description ?? former.description,
        precedence: Precedence ?? former.precedence,
        roleArn: RoleArn ?? former.roleArn,
      });
      return { Group: describeGroup(pool, group) };
    },
  }),

  ListGroups: defineOperation({
    credentials: "signature",
    members: { UserPoolId: userPoolIdMember, ...pageMembers },
    run(pool, { Limit, NextToken }) {
      return groupPage(pool, pool.groups, Limit, NextToken);
    },
  }),

  DeleteGroup: defineOperation({
    credentials: "signature",
    members,
    run(pool, { GroupName }) {
      pool.deleteGroup(requireGroup(pool, GroupName).name);
      return {};
    },
  }),

  AdminAddUserToGroup: defineOperation({
    credentials: "signature",
    members: membershipMembers,
    run(pool, { GroupName, Username }) {
      const user = requireUser(pool, Username);
      user.groups.add(requireGroup(pool, GroupName).name);
      return {};
    },
  }),

  AdminRemoveUserFromGroup: defineOperation({
    credentials: "signature",
    members: membershipMembers,
    run(pool, { GroupName, Username }) {
      const user = requireUser(pool, Username);
      user.groups.delete(requireGroup(pool, GroupName).name);
      return {};
    },
  }),

  AdminListGroupsForUser: defineOperation({
    credentials: "signature",
    members: { UserPoolId: userPoolIdMember, Username: usernameMember, ...pageMembers },
    run(pool, { Username, Limit, NextToken }) {
      const { groups } = requireUser(pool, Username);
      return groupPage(
        pool,
        [...groups].map((name) => requireGroup(pool, name)),
        Limit,
        NextToken,
      );
    },
  }),
};

function requireGroup(pool: UserPool, name: string): Group {
  const group = pool.findGroup(name);
  if (group !== undefined) return group;
  throw new CognitoError("ResourceNotFoundException", "Group not found.");
}

function groupPage(pool: UserPool, groups: readonly Group[], limit?: number, token?: string): object {
  const { items, next } = pageOf(groups, limit, token);
  return {
    Groups: items.map((group) => describeGroup(pool, group)),
    ...(next !== undefined && { NextToken: next }),
  };
}

/** What is undefined is not in the answer. */
function describeGroup(
  { id }: UserPool,
  { name, description, precedence, roleArn, createdAt }: Group,
): object {
  return {
    CreationDate: createdAt,
    Description: description,
    GroupName: name,
    LastModifiedDate: createdAt,
    Precedence: precedence,
    RoleArn: roleArn,
    UserPoolId: id,
  };
}
