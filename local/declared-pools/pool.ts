import type { Properties } from "../graph/resource-graph.ts";
import { passwordPolicyOf, poolSettingsOf } from "../resources/cognito/pool-settings.ts";
import type { PasswordPolicy } from "../user-pool/password-policy.ts";
import { defaultPoolSettings } from "../user-pool/pool-settings.ts";
import { type PoolPart, withInputs } from "./pool-part.ts";

/** Properties that are in effect, or that have none for who signs in. */
const known = [
  "adminCreateUserConfig",
  "aliasAttributes",
  "autoVerifiedAttributes",
  "deletionProtection",
  "name",
  "passwordPolicy",
  "region",
  "schemas",
  "tags",
  "tagsAll",
  "userPoolTier",
  "usernameAttributes",
];

/** The pool itself: its settings. */
export const pool: PoolPart = {
  type: "aws:cognito/userPool:UserPool",
  put(served, { inputs, outputs }) {
    served.settings = poolSettingsOf({ ...inputs, name: outputs.name });
    const unknown = Object.keys(inputs).filter((name) => !known.includes(name) && hasEffect(name, inputs));
    return unknown.length > 0 ? `local mode does not know its ${unknown.join(", ")}` : undefined;
  },
  remove(served) {
    served.settings = defaultPoolSettings;
  },
  read({ settings }, { inputs }) {
    const { adminCreateUserConfig: admin, passwordPolicy } = inputs;
    const isClosed = admin?.allowAdminCreateUserOnly ?? false;
    return {
      inputs: withInputs(inputs, {
        ...(inputs.name !== undefined && { name: settings.name }),
        ...(passwordPolicy && { passwordPolicy: presentPolicy(inputs, settings.passwordPolicy) }),
        ...(admin &&
          isClosed !== settings.isClosed && {
            adminCreateUserConfig: { ...admin, allowAdminCreateUserOnly: settings.isClosed },
          }),
        ...(settings.deletionProtection !== (inputs.deletionProtection ?? "INACTIVE") && {
          deletionProtection: settings.deletionProtection,
        }),
      }),
    };
  },
};

function hasEffect(name: string, inputs: Properties): boolean {
  return (
    inputs[name] !== undefined &&
    inputs[name] !== null &&
    !(name === "mfaConfiguration" && inputs[name] === "OFF")
  );
}

function presentPolicy(inputs: Properties, present: PasswordPolicy): Properties {
  const declared = passwordPolicyOf(inputs);
  const changed = Object.entries(present).filter(
    ([name, value]) => declared[name as keyof PasswordPolicy] !== value,
  );
  return {
    ...inputs.passwordPolicy,
    ...Object.fromEntries(
      changed.map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
    ),
  };
}
