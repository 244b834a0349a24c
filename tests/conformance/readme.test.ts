import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { variables } from "../../conformance/variables.ts";

const readme = readFileSync(new URL("../../conformance/README.md", import.meta.url), "utf8");

describe("conformance/README.md", () => {
  it("tells of each variable what the command tells, and of no other", () => {
    const [, table = ""] = readme.split("| --- | --- | --- | --- |\n");
    const rows = table.split("\n\n")[0]?.split("\n");
    assert.deepEqual(
      rows,
      Object.values(variables).map(
        ({ name, what, deployed, local }) => `| \`${name}\` | ${what} | ${deployed} | ${local} |`,
      ),
    );
  });
});
