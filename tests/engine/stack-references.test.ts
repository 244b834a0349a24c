import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OperatorError } from "../../local/operator-error.ts";
import { readStackReference } from "../../local/program/stack-references.ts";

const outputs = { url: "wss://api/prod", key: "secret" };
const read = (name: string) =>
  readStackReference(name, async (asked) => ({ outputs: { ...outputs, asked }, secretOutputs: ["key"] }));

describe("a stack reference", () => {
  for (const organization of ["organization", "acme"])
    it(`has the outputs of the stack that it names, in the organization ${organization}, and keeps its secrets`, async () => {
      const name = `${organization}/api/dev`;
      assert.deepEqual(await read(name), {
        properties: { name, outputs: { ...outputs, asked: "api/dev" }, secretOutputNames: ["key"] },
        secretPaths: ["outputs"],
      });
    });

  for (const name of ["", "dev", "api/dev", "acme/api/dev/more", "constructor"])
    it(`has three parts, unlike ${JSON.stringify(name)}`, async () => {
      const message = `stack reference "${name}": must be <organization>/<project>/<stack>`;
      await assert.rejects(read(name), new OperatorError(message));
    });
});
