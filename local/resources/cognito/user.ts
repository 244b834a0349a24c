import { resourcesOfType } from "../../graph/resource-graph.ts";
import { CognitoError } from "../../user-pool/cognito-error.ts";
import { checkPassword } from "../../user-pool/password-policy.ts";
import { readNewUser } from "../../user-pool/user-name.ts";
import { digestOf } from "../identifiers.ts";
import { required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import type { Breach, Check } from "../rule.ts";
import { attributesOf, poolSettingsOf } from "./pool-settings.ts";

/** Passwords stay out of messages. */
const hidden = "[secret]";

const onePassword: Check = ({ inputs: { password, temporaryPassword } }) =>
  password && temporaryPassword
    ? {
        property: "password",
        value: hidden,
        answer: 'conflicts with temporaryPassword: "password" is permanent',
      }
    : undefined;

/** What the pool says of passwords, names and attributes, where the program declares the pool. */
const poolSettings: Check = ({ inputs }, surroundings) => {
  const pool = resourcesOfType(surroundings, "aws:cognito/userPool:UserPool").find(
    ({ id }) => id === inputs.userPoolId,
  );
  if (!pool) return undefined;
  const settings = poolSettingsOf(pool.inputs);
  const attributes = attributesOf(inputs);
  return (
    refused("username", inputs.username, () =>
      readNewUser({ settings }, inputs.username, attributes, { byUser: false }),
    ) ??
    refused("temporaryPassword", hidden, () => {
      if (inputs.temporaryPassword)
        checkPassword(
          settings.passwordPolicy,
          inputs.temporaryPassword,
          "Password did not conform with password policy",
        );
    }) ??
    refused("password", hidden, () => {
      if (inputs.password)
        checkPassword(settings.passwordPolicy, inputs.password, "Password does not conform to policy");
    })
  );
};

function refused(property: string, value: string, check: () => unknown): Breach | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error;
    return { property, value, answer: `${error.code}: ${error.message}` };
  }
}

/** A user whom an administrator makes: with a permanent password, or a temporary one. */
export const user: ResourceType = {
  type: "aws:cognito/user:User",
  create: (resource) => {
    const { userPoolId, username, password } = resource.inputs;
    return {
      id: `${userPoolId}/${username}`,
      outputs: { status: password ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD", sub: uuidOf(digestOf(resource)) },
    };
  },
  defaults: {
    creationDate: "2025-01-01T00:00:00Z",
    enabled: true,
    lastModifiedDate: "2025-01-01T00:00:00Z",
    mfaSettingLists: [],
    preferredMfaSetting: "",
  },
  replacedBy: ["username", "userPoolId"],
  taken: {
    properties: ["userPoolId", "username"],
    answer: () => "UsernameExistsException: User account already exists",
  },
  rules: [
    {
      name: "user-name",
      check: required(
        "username",
        (value) => value.length >= 1 && value.length <= 128,
        "must have 1 to 128 characters",
      ),
    },
    { name: "one-password", check: onePassword },
    { name: "pool-settings", check: poolSettings },
  ],
};

function uuidOf(digest: string): string {
  const variant = "89ab"[Number.parseInt(digest.charAt(16), 16) % 4];
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
