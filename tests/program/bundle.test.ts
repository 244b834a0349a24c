import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, it } from "mocha";
import { resourcesOfType } from "../../local/graph/resource-graph.ts";
import { sources, withProject } from "../engine/temporary-project.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { checkOut } from "./checkout.ts";
import { functionNames } from "./declared-routes.ts";
import { programGraph, resource } from "./program-graph.ts";

/** Prints each function's bundle, as the `infra/bundle.ts` that is the first argument makes it. */
const printBundles = `
  const [bundler, ...names] = process.argv.slice(1);
  const { bundleFunction } = await import(bundler);
  const bundles = {};
  for (const name of names) {
    const { "index.js": code } = await bundleFunction(name).assets;
    bundles[name] = await code.text;
  }
  console.log(JSON.stringify(bundles));`;

async function bundlesOf(checkout: string, workingDirectory: string): Promise<Record<string, string>> {
  const bundler = join(checkout, "infra/bundle.ts");
  const args = ["--input-type=module", "--eval", printBundles, bundler, ...functionNames];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: workingDirectory });
  return JSON.parse(stdout);
}

describe("bundleFunction", () => {
  it("makes the same bytes in every checkout, wherever it runs", async () => {
    await withProject({}, async (folder) => {
      const shallow = join(folder, "a");
      const deep = join(folder, "one/two/three/another name");
      for (const checkout of [shallow, deep]) checkOut(checkout);
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
    const [first, second] = [await programGraph(), await runWithMocks(testStackConfig({ jwks: "runtime" }))];
    assert.notEqual(first, second);
    assert.deepEqual(second, first);
    assert.equal(resourcesOfType(second, "aws:lambda/function:Function").length, functionNames.length);
  });
});
