import { isDeepStrictEqual } from "node:util";
import type { Properties, RecordedResource } from "../graph/resource-graph.ts";
import { attributeName, attributesOf } from "../resources/cognito/pool-settings.ts";
import { generatePassword } from "../user-pool/password-policy.ts";
import type { User } from "../user-pool/user.ts";
import { readNewUser } from "../user-pool/user-name.ts";
import type { UserPool } from "../user-pool/user-pool.ts";
import { type PoolPart, withInputs } from "./pool-part.ts";

/** A user whom an administrator makes. */
export const user: PoolPart = {
  type: "aws:cognito/user:User",
  put(pool, resource, former) {
    const found = pool.findUser(resource.inputs.username);
    if (found) update(pool, found, resource.inputs, former?.inputs ?? {});
    else create(pool, resource);
    return undefined;
  },
  remove(pool, { inputs: { username } }) {
    const found = pool.findUser(username);
    if (found) pool.deleteUser(found);
  },
  read(pool, { inputs, outputs }) {
    const found = pool.findUser(inputs.username);
    if (!found) return undefined;
    const { status, sub, isEnabled } = found;
    const attributes = presentAttributes(found, inputs);
    return {
      inputs: withInputs(inputs, {
        ...(!isDeepStrictEqual(attributes, inputs.attributes ?? {}) && { attributes }),
        ...(isEnabled !== (inputs.enabled ?? true) && { enabled: isEnabled }),
      }),
      ...((status !== outputs.status || sub !== outputs.sub) && { outputs: { status, sub } }),
    };
  },
};

function create(pool: UserPool, { inputs, outputs }: RecordedResource): void {
  const { username, password, temporaryPassword, enabled = true } = inputs;
  const named = readNewUser(pool, username, attributesOf(inputs), { byUser: false, sub: outputs.sub });
  const added = pool.addUser({
    ...named,
    password: password || temporaryPassword || generatePassword(pool.settings.passwordPolicy),
    status: password ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD",
  });
  if (!enabled) added.setEnabled(false, pool.nowSeconds());
}

/** Changes what differs from the former inputs: a password that its owner has chosen stays. */
function update(pool: UserPool, found: User, inputs: Properties, former: Properties): void {
  const nowSeconds = pool.nowSeconds();
  const [before, after] = [former, inputs].map(
    (each) => new Map(attributesOf(each).map(({ Name, Value = "" }) => [Name, Value])),
  );
  if (before && after) {
    const gone = [...before.keys()].filter((name) => !after.has(name));
    const changed = [...after].filter(([name, value]) => before.get(name) !== value);
    if (gone.length > 0) found.deleteAttributes(gone, nowSeconds);
    if (changed.length > 0) found.setAttributes(new Map(changed), nowSeconds);
  }
  const { enabled = true, temporaryPassword, password } = inputs;
  if (enabled !== (former.enabled ?? true)) {
    found.setEnabled(enabled, nowSeconds);
    if (!enabled) pool.sessions.revokeAllOf(found);
  }
  if (temporaryPassword && temporaryPassword !== former.temporaryPassword)
    found.setPassword(temporaryPassword, { temporary: true, nowSeconds });
  if (password && password !== former.password) found.setPassword(password, { temporary: false, nowSeconds });
}

/** By the names that the program uses; the attribute that names the user is left out where the program leaves it out. */
function presentAttributes(
  { attributes }: User,
  { username, attributes: given = {} }: Properties,
): Properties {
  const names = new Map(Object.keys(given).map((name) => [attributeName(name), name]));
  return Object.fromEntries(
    [...attributes]
      .filter(([name, value]) => names.has(name) || value !== username)
      .map(([name, value]) => {
        const property = names.get(name) ?? name.replace(/^(dev:)?custom:/, "");
        // A boolean that the program wrote is the same as its text.
        return [property, String(given[property]) === value ? given[property] : value];
      }),
  );
}
