import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  checkPassword,
  defaultPasswordPolicy,
  generatePassword,
} from "../../local/user-pool/password-policy.ts";

const refusal = "Password does not conform to policy";

describe("the password policy", () => {
  it("names the first thing that a password lacks", () => {
    for (const [password, reason] of [
      ["", "Password not long enough"],
      ["Aa1-aaa", "Password not long enough"],
      ["AAAAAA1-", "Password must have lowercase characters"],
      ["aaaaaa1-", "Password must have uppercase characters"],
      ["Aaaaaaa-", "Password must have numeric characters"],
      ["Aaaaaaa1", "Password must have symbol characters"],
      ["Aaaaaaa1é", "Password must have symbol characters"],
    ] as const) {
      assert.throws(() => checkPassword(defaultPasswordPolicy, password, refusal), {
        code: "InvalidPasswordException",
        message: `Password does not conform to policy: ${reason}`,
      });
    }
  });

  it("takes a password with all of it, whichever of Cognito's symbols it has", () => {
    const symbols = [..."^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+="];
    assert.equal(symbols.length, 32);
    for (const symbol of symbols) checkPassword(defaultPasswordPolicy, `Aaaaaa1${symbol}`, refusal);
  });

  it("takes the passwords that the pool makes, of which no two are alike", () => {
    const made = Array.from({ length: 50 }, () => generatePassword(defaultPasswordPolicy));
    for (const password of made) checkPassword(defaultPasswordPolicy, password, refusal);
    assert.equal(new Set(made).size, 50);
  });
});
