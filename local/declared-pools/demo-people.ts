import { demoUsers } from "../user-pool/demo-users.ts";
import type { User } from "../user-pool/user.ts";
import type { UserPool } from "../user-pool/user-pool.ts";

/** The demo users of declared pools: they are there as long as the program declares no user of the pool. */
export class DemoPeople {
  readonly #users = new WeakSet<User>();

  has(user: User | undefined): boolean {
    return user !== undefined && this.#users.has(user);
  }

  /** Adds them, in those of their groups that the pool has, or in its first group in place of those. */
  add(pool: UserPool): void {
    for (const user of demoUsers) this.#users.add(pool.addDemoUser({ ...user, groups: [] }));
    for (const { name } of pool.groups) this.join(pool, name);
  }

  /** Who is in a group elsewhere joins a new group: one of that name, or the first that the pool has. */
  join(pool: UserPool, groupName: string): void {
    for (const { username, groups } of demoUsers) {
      const user = pool.findUser(username);
      if (!user || !this.has(user) || groups.length === 0) continue;
      if (groups.includes(groupName) || user.groups.size === 0) user.groups.add(groupName);
    }
  }

  remove(pool: UserPool): void {
    for (const user of pool.users) if (this.has(user)) pool.deleteUser(user);
  }
}
