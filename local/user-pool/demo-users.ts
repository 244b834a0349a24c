import type { DemoUser, UserPool } from "./user-pool.ts";

/** Who can sign in locally: alice, a member of "admins", and bob, in no group. Demo passwords, public, local only. */
export const demoUsers: readonly DemoUser[] = [
  { username: "alice", password: "Alice-demo-1", groups: ["admins"], email: "alice@example.com" },
  { username: "bob", password: "Bob-demo-1", groups: [], email: "bob@example.com" },
];

/** The demo users whom a pool has, as they are now. */
export function demoUsersOf(pool: UserPool): DemoUser[] {
  return demoUsers.flatMap((demoUser) => {
    const user = pool.findUser(demoUser.username);
    return user?.hasPassword(demoUser.password) ? [{ ...demoUser, groups: [...user.groups] }] : [];
  });
}
