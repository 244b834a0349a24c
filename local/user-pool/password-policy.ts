import { randomInt } from "node:crypto";
import { CognitoError } from "./cognito-error.ts";

/** What passwords must have, under Cognito's own names. */
export interface PasswordPolicy {
  readonly MinimumLength: number;
  readonly RequireLowercase: boolean;
  readonly RequireNumbers: boolean;
  readonly RequireSymbols: boolean;
  readonly RequireUppercase: boolean;
  readonly TemporaryPasswordValidityDays: number;
}

/** Cognito's default policy. */
export const defaultPasswordPolicy: PasswordPolicy = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  RequireUppercase: true,
  TemporaryPasswordValidityDays: 7,
};

/** The characters that count as symbols, of Cognito's documentation; a space counts inside a password. */
const symbols = "^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+=";

/** What a password must have. Not confirmed: which one Cognito names first. */
const rules: readonly (readonly [
  fits: (password: string, policy: PasswordPolicy) => boolean,
  refusal: string,
])[] = [
  [({ length }, { MinimumLength }) => length >= MinimumLength, "Password not long enough"],
  [
    (password, policy) => !policy.RequireLowercase || /[a-z]/.test(password),
    "Password must have lowercase characters",
  ],
  [
    (password, policy) => !policy.RequireUppercase || /[A-Z]/.test(password),
    "Password must have uppercase characters",
  ],
  [
    (password, policy) => !policy.RequireNumbers || /[0-9]/.test(password),
    "Password must have numeric characters",
  ],
  [
    (password, policy) => !policy.RequireSymbols || [...password].some((c) => symbols.includes(c)),
    "Password must have symbol characters",
  ],
];

/** How Cognito begins the refusal, which depends on the operation (all three reported from real answers). */
export type PolicyRefusal =
  | "Password did not conform with policy"
  | "Password did not conform with password policy"
  | "Password does not conform to policy";

/** Throws InvalidPasswordException for the first rule that a password breaks. */
export function checkPassword(policy: PasswordPolicy, password: string, refusal: PolicyRefusal): void {
  for (const [fits, reason] of rules) {
    if (!fits(password, policy)) throw new CognitoError("InvalidPasswordException", `${refusal}: ${reason}`);
  }
}

/** A random password that the policy takes, for a user whose creator gave none. */
export function generatePassword({ MinimumLength }: PasswordPolicy): string {
  const alphabets = ["abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%*+-?@_"];
  const all = alphabets.join("");
  const pick = (from: string) => from.charAt(randomInt(from.length));
  return [...alphabets, ...Array<string>(Math.max(8, MinimumLength - 4)).fill(all)].map(pick).join("");
}
