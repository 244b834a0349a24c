import assert from "node:assert/strict";
import { fact } from "../conformance-case.ts";
import { forgeries, junk } from "../forgeries.ts";
import { bearer, statusOf } from "../upgrade.ts";

export const forgedTokenCases = [
  ...Object.entries(forgeries).map(([what, forge]) =>
    fact(`a token with ${what} gets 401`, "this project", async (target) => {
      const forged = forge(target.token);
      assert.notEqual(forged, target.token);
      assert.equal(await statusOf(target, bearer(forged)), 401);
    }),
  ),
  ...Object.entries(junk).map(([what, text]) =>
    fact(`${what} for a token gets 401`, "this project", async (target) => {
      assert.equal(await statusOf(target, bearer(text)), 401);
    }),
  ),
];
