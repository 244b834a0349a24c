import type { PoolPart } from "./pool-part.ts";

/** A user's membership of a group. */
export const membership: PoolPart = {
  type: "aws:cognito/userInGroup:UserInGroup",
  put(pool, { inputs: { username, groupName } }) {
    const user = pool.findUser(username);
    if (!user) return `the pool has no user ${username}`;
    if (!pool.findGroup(groupName)) return `the pool has no group ${groupName}`;
    user.groups.add(groupName);
    return undefined;
  },
  remove(pool, { inputs: { username, groupName } }) {
    pool.findUser(username)?.groups.delete(groupName);
  },
  read: (pool, { inputs }) =>
    pool.findUser(inputs.username)?.groups.has(inputs.groupName) ? { inputs } : undefined,
};
