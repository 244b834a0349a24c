import type { Properties } from "../../graph/resource-graph.ts";
import { defaultPasswordPolicy, type PasswordPolicy } from "../../user-pool/password-policy.ts";
import type { PoolSettings, SchemaAttribute } from "../../user-pool/pool-settings.ts";
import { type Attribute, standardAttributes } from "../../user-pool/user-attributes.ts";

/**
 * The password policy of a pool's inputs. A policy that the program gives has nothing that it leaves out; without one,
 * the pool has Cognito's default.
 */
export function passwordPolicyOf({ passwordPolicy: given }: Properties): PasswordPolicy {
  if (!given) return defaultPasswordPolicy;
  return {
    MinimumLength: given.minimumLength ?? defaultPasswordPolicy.MinimumLength,
    RequireLowercase: given.requireLowercase ?? false,
    RequireNumbers: given.requireNumbers ?? false,
    RequireSymbols: given.requireSymbols ?? false,
    RequireUppercase: given.requireUppercase ?? false,
    TemporaryPasswordValidityDays:
      given.temporaryPasswordValidityDays || defaultPasswordPolicy.TemporaryPasswordValidityDays,
  };
}

/** The settings of a pool's inputs, as far as the emulated pool knows them. */
export function poolSettingsOf(inputs: Properties): PoolSettings {
  return {
    name: inputs.name,
    passwordPolicy: passwordPolicyOf(inputs),
    schema: (inputs.schemas ?? []).map(schemaAttributeOf),
    usernameAttributes: inputs.usernameAttributes ?? [],
    aliasAttributes: inputs.aliasAttributes ?? [],
    isClosed: inputs.adminCreateUserConfig?.allowAdminCreateUserOnly ?? false,
    deletionProtection: inputs.deletionProtection ?? "INACTIVE",
  };
}

/** The attributes of a user's inputs as the API takes them: the provider calls custom ones by their bare names. */
export function attributesOf({ attributes = {} }: Properties): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => ({
    Name: attributeName(name),
    Value: String(value),
  }));
}

/** The name by which the API knows an attribute, like "custom:tenant" for "tenant". */
export function attributeName(name: string): string {
  return standardAttributes.includes(name) || /^(dev:)?custom:/.test(name) ? name : `custom:${name}`;
}

/** The provider sends false for what a program leaves out. */
function schemaAttributeOf(given: Properties): SchemaAttribute {
  const isNumber = given.attributeDataType === "Number";
  const { minLength, maxLength } = given.stringAttributeConstraints ?? {};
  const { minValue, maxValue } = given.numberAttributeConstraints ?? {};
  return {
    name: `${given.developerOnlyAttribute ? "dev:" : ""}${attributeName(given.name)}`,
    isNumber,
    isMutable: given.mutable ?? false,
    isRequired: given.required ?? false,
    least: numberOf(isNumber ? minValue : minLength),
    most: numberOf(isNumber ? maxValue : maxLength),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}
