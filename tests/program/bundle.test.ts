import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, it } from "mocha";
import { resourcesOfType } from "../../local/engine/resource-graph.ts";
import { runProgram } from "../../local/engine/run-program.ts";
import { sources, withProject } from "../engine/temporary-project.ts";
import { testStackConfig } from "../test-stack.ts";
import { functionNames, programGraph, resource } from "./program-graph.ts";

/** Prints each function's bundle, as the checkout whose `infra/bundle.ts` is the first argument makes them. */
const printBundles = `
  const [bundler, ...names] = process.argv.slice(1);
  const { bundleFunction } = await import(bundler);
  const bundles = {};
  for (const name of names) {
    const { "index.js": code } = await bundleFunction(name).assets;
    bundles[name] = await code.text;
  }
  console.log(JSON.stringify(bundles));`;

/** Copies what the bundles are made of to a folder that shares this project's packages. */
function checkOut(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const path of ["functions", "infra", "package.json", "tsconfig.json"])
    cpSync(new URL(path, sources), join(folder, path), { recursive: true });
  symlinkSync(new URL("node_modules", sources), join(folder, "node_modules"), "dir");
  return join(folder, "infra/bundle.ts");
}

async function bundlesOf(bundler: string, workingDirectory: string): Promise<Record<string, string>> {
  const args = ["--input-type=module", "--eval", printBundles, bundler, ...functionNames];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: workingDirectory });
  return JSON.parse(stdout);
}

describe("bundleFunction", () => {
  it("makes the same bytes in every checkout, wherever it runs", async () => {
    await withProject({}, async (folder) => {
      const shallow = checkOut(join(folder, "a"));
      const deep = checkOut(join(folder, "one/two/three/another name"));
      const [first, second] = await Promise.all([
        bundlesOf(shallow, folder),
        bundlesOf(deep, fileURLToPath(sources)),
      ]);
      assert.deepEqual(first, second);
      const graph = await programGraph();
      const uploaded = (name: string) =>
        resource(graph, "aws:lambda/function:Function", name).inputs.code.files["index.js"];
      assert.deepEqual(first, Object.fromEntries(functionNames.map((name) => [name, uploaded(name)])));
    });
  });

  it("keeps the authorizer at 20 kB or less", async () => {
    const { inputs } = resource(await programGraph(), "aws:lambda/function:Function", "authorizer");
    const bytes = Buffer.byteLength(inputs.code.files["index.js"]);
    assert.ok(bytes <= 20_000, `${bytes} bytes`);
  });
});

describe("two runs of the program", () => {
  it("declare the same resources with the same bundles, and the same outputs", async () => {
    const [first, second] = [await programGraph(), await runProgram(testStackConfig({ jwks: "runtime" }))];
    assert.notEqual(first, second);
    assert.deepEqual(second, first);
    assert.equal(resourcesOfType(second, "aws:lambda/function:Function").length, 6);
  });
});
