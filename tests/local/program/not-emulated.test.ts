import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OperatorError } from "../../../local/operator-error.ts";
import { moduleFiles, ProgramUnderTest } from "./program-folder.ts";

const cases: Record<string, { readonly source: string; readonly message: string | RegExp }> = {
  "a dynamic resource": {
    source: `
      const provider: pulumi.dynamic.ResourceProvider = { create: async () => ({ id: "1", outs: {} }) };
      class Thing extends pulumi.dynamic.Resource {
        constructor(name: string) { super(provider, name, {}); }
      }
      new Thing("thing");`,
    message:
      '"thing" is a dynamic resource, which local mode does not run: leave it out of the stack that you run locally',
  },
  "a component of another language": {
    source: 'new pulumi.ComponentResource("other:index:Vpc", "vpc", {}, {}, true);',
    message:
      'other:index:Vpc "vpc" is a component of another language, whose provider local mode does not run: leave it out of the stack that you run locally',
  },
  "a method of a resource": {
    source: 'pulumi.runtime.call("other:index:Vpc/subnets", {});',
    message:
      "the method other:index:Vpc/subnets is not emulated locally: leave its call out of the stack that you run locally",
  },
  "a state migration": {
    source: `
      class Part extends pulumi.ComponentResource {
        constructor(name: string) {
          super("test:index:Part", name, {}, { stateMigrations: [() => undefined] } as object);
        }
      }
      new Part("part");`,
    message: /The Pulumi CLI does not support state migrations. Please update the Pulumi CLI/,
  },
};

describe("what local mode does not run", () => {
  const program = new ProgramUnderTest(moduleFiles(""));

  for (const [what, { source, message }] of Object.entries(cases))
    it(`is named: ${what}`, async () => {
      program.folder.write({ "index.ts": `import * as pulumi from "@pulumi/pulumi";${source}` });
      const expected = typeof message === "string" ? new OperatorError(message) : { message };
      await assert.rejects(program.run(), expected);
    });

  it("fails the run with what the program logs as an error, and prints the rest of it", async () => {
    program.folder.write({
      "index.ts": `
        import * as pulumi from "@pulumi/pulumi";
        pulumi.log.error("disk is full");
        new pulumi.ComponentResource("test:index:Part", "part");
        console.log("done");`,
    });
    await assert.rejects(program.run(), new OperatorError("disk is full"));
    assert.deepEqual(program.lines, [{ from: "stdout", text: "done" }]);
  });
});
