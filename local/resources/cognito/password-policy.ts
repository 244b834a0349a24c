import type { Properties } from "../../graph/resource-graph.ts";
import { defaultPasswordPolicy, type PasswordPolicy } from "../../user-pool/password-policy.ts";

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
