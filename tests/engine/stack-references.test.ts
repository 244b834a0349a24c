import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OperatorError } from "../../local/operator-error.ts";
import { readStackReference } from "../../local/program/stack-references.ts";
import { runSource } from "./temporary-project.ts";

const outputs = { url: "wss://api/prod" };
const served = { "api/dev": outputs, "users/dev": {} };

describe("a stack reference", () => {
  for (const organization of ["organization", "acme"])
    it(`has the outputs of the stack that it names, in the organization ${organization}`, () => {
      const name = `${organization}/api/dev`;
      assert.deepEqual(readStackReference(name, served), {
        id: name,
        outputs: { name, outputs, secretOutputNames: [] },
      });
    });

  for (const name of ["acme/api/prod", "acme/other/dev", "acme/constructor/name"])
    it(`to ${name}, which is not served, names the stacks that are`, () => {
      const message = `stack reference "${name}": local mode serves api/dev, users/dev before this program, and no such stack`;
      assert.throws(() => readStackReference(name, served), new OperatorError(message));
    });

  it("of a program by itself says how to serve it beside the other", () => {
    const message =
      'stack reference "acme/api/dev": no other stack is served here. Start that stack\'s program, and this one beside it with --with <folder>';
    assert.throws(() => readStackReference("acme/api/dev", {}), new OperatorError(message));
  });

  for (const name of ["", "dev", "api/dev", "acme/api/dev/more", "constructor"])
    it(`has three parts, unlike ${JSON.stringify(name)}`, () => {
      const message = `stack reference "${name}": must be <organization>/<project>/<stack>`;
      assert.throws(() => readStackReference(name, served), new OperatorError(message));
    });

  it("stops a program that reads a stack that is not served", async () => {
    const source =
      'import * as pulumi from "@pulumi/pulumi"; export const url = new pulumi.StackReference("a/b/c").getOutput("url");';
    await assert.rejects(runSource(source), {
      message:
        'stack reference "a/b/c": no other stack is served here. Start that stack\'s program, and this one beside it with --with <folder>',
    });
  });
});
