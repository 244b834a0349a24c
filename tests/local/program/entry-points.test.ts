import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readStackConfig } from "../../../local/program/stack-config.ts";
import { runProgram } from "../../run-program.ts";
import { linkPackages, temporaryFolder } from "./program-folder.ts";

const component = (name: string) =>
  `new pulumi.ComponentResource("test:index:Part", ${JSON.stringify(name)});`;

/** Resources that are declared after the program's modules are loaded, each later than the one before. */
const late = `
  ${component("now")}
  pulumi.output("x").apply(() => { ${component("in-apply")} });
  setTimeout(() => { ${component("in-timer")} }, 300);
  let isFirst = true;
  process.on("beforeExit", () => {
    if (!isFirst) return;
    isFirst = false;
    ${component("before-exit")}
  });`;
const lateNames = ["now", "in-apply", "in-timer", "before-exit"];
const slowOutput = 'pulumi.output(new Promise((resolve) => setTimeout(resolve, 200, "settled")))';

/** TypeScript 6 takes in no types that are not named. */
const tsconfig = '{ "compilerOptions": { "types": ["node"], "rootDir": ".", "strict": true } }';

const projectFile = (typescript: boolean, main = "") =>
  `name: sample\nruntime:\n  name: nodejs\n  options:\n    typescript: ${typescript}\nconfig:\n  aws:region: eu-west-1\n${main}`;

interface EntryCase {
  readonly files: Record<string, string>;
  readonly outputs: Record<string, unknown>;
  /** Names of the resources; those that come late unless given. */
  readonly names?: readonly string[];
}

const cases: Record<string, EntryCase> = {
  "TypeScript ES module with top-level await and named exports, as main of package.json": {
    files: {
      "Pulumi.yaml": projectFile(false),
      "package.json": '{ "type": "module", "main": "src/program.ts" }',
      "src/program.ts": `
        import * as pulumi from "@pulumi/pulumi";
        interface Named { readonly name: string }
        const awaited: Named = await new Promise((resolve) => setTimeout(resolve, 100, { name: "awaited" }));
        ${late}
        export const name: string = awaited.name;
        export const slow = ${slowOutput};`,
    },
    outputs: { name: "awaited", slow: "settled" },
  },
  "JavaScript ES module with a default export, in the folder that is main of Pulumi.yaml": {
    files: {
      "Pulumi.yaml": projectFile(false, "main: infra\n"),
      "infra/package.json": '{ "type": "module" }',
      "infra/index.js": `
        import * as pulumi from "@pulumi/pulumi";
        ${late}
        export default { slow: ${slowOutput}, folder: process.cwd().split("/").at(-1) };`,
    },
    outputs: { slow: "settled", folder: "infra" },
  },
  "JavaScript ES module whose default export is an async function, as a file that is main of Pulumi.yaml": {
    files: {
      "Pulumi.yaml": projectFile(false, "main: infra/main.js\n"),
      "package.json": '{ "type": "module" }',
      "infra/main.js": `
        import * as pulumi from "@pulumi/pulumi";
        export default async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          ${late}
          return { slow: await Promise.resolve("awaited"), folder: process.cwd().split("/").at(-1) };
        };`,
    },
    outputs: { slow: "awaited", folder: "infra" },
  },
  "CommonJS module that exports an async function": {
    files: {
      "Pulumi.yaml": projectFile(false),
      "package.json": "{}",
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        module.exports = async () => {
          ${late}
          await new Promise((resolve) => setTimeout(resolve, 100));
          ${component("after-await")}
          return { slow: ${slowOutput} };
        };`,
    },
    outputs: { slow: "settled" },
    names: [...lateNames, "after-await"],
  },
  "CommonJS module with named exports": {
    files: {
      "Pulumi.yaml": projectFile(false),
      "package.json": '{ "main": "program" }',
      "program/index.js": `
        const pulumi = require("@pulumi/pulumi");
        ${late}
        exports.slow = ${slowOutput};
        exports.nothing = undefined;
        exports.list = [1, ${slowOutput}, { deep: ${slowOutput} }];`,
    },
    outputs: { slow: "settled", list: [1, "settled", { deep: "settled" }] },
  },
  "TypeScript module that Pulumi's runner compiles, with named exports": {
    files: {
      "Pulumi.yaml": "name: sample\nruntime: nodejs\nconfig:\n  aws:region: eu-west-1\n",
      "tsconfig.json": tsconfig,
      "index.ts": `
        import * as pulumi from "@pulumi/pulumi";
        enum Size { Small = 1 }
        ${late}
        export const size = Size.Small;
        export const slow = ${slowOutput};`,
    },
    outputs: { size: 1, slow: "settled" },
  },
  "TypeScript module that Pulumi's runner compiles, with export =": {
    files: {
      "Pulumi.yaml": "name: sample\nruntime: nodejs\nconfig:\n  aws:region: eu-west-1\n",
      "tsconfig.json": tsconfig,
      "package.json": '{ "main": "bin/program.ts" }',
      "bin/program.ts": `
        import * as pulumi from "@pulumi/pulumi";
        const program = async () => {
          await Promise.resolve();
          ${late}
          return { slow: ${slowOutput} };
        };
        export = program;`,
    },
    outputs: { slow: "settled" },
  },
};

describe("the entry of a program", () => {
  const folder = temporaryFolder();

  for (const [i, [what, { files, outputs, names = lateNames }]] of Object.entries(cases).entries())
    it(`is a ${what}; resources and outputs that come late are there`, async () => {
      const at = (path: string) => `${i}/${path}`;
      folder.write(Object.fromEntries(Object.entries(files).map(([path, content]) => [at(path), content])));
      linkPackages(`${folder.path}/${i}`, "@pulumi/pulumi", "@types/node");
      const graph = await runProgram(readStackConfig(`${folder.path}/${i}`, "dev"));
      assert.deepEqual(graph.outputs, outputs);
      assert.deepEqual(graph.resources.map(({ name }) => name).sort(), [...names].sort());
    });
});
