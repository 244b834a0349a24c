import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readStackConfig } from "../../../local/program/stack-config.ts";
import { ProgramUnderTest, projectFile } from "./program-folder.ts";

const runCount = 12;

/** What this process holds: with each run that leaves something, there is more of it. */
function held(): Record<string, number> {
  const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== "Timeout" && kind !== "Immediate");
  return Object.fromEntries(
    [...Map.groupBy(kinds, (kind) => kind)]
      .map(([kind, { length }]): [string, number] => [kind, length])
      .sort(),
  );
}

describe("a runner that runs a program again and again", () => {
  const program = new ProgramUnderTest({
    "Pulumi.yaml": projectFile,
    "package.json": "{}",
    "index.js": `
      const pulumi = require("@pulumi/pulumi");
      const names = Array.from({ length: 5 }, (_, i) => "part-" + i);
      const tell = new pulumi.ResourceHook("tell", () => {});
      for (const name of names)
        new pulumi.ComponentResource("test:index:Part", name, {}, { hooks: { afterCreate: [tell] } });
      pulumi.runtime.registerResourceTransform(() => undefined);
      exports.count = names.length;`,
  });

  it("holds no more processes, sockets and pipes after many runs than after the first ones", async function () {
    this.timeout(120_000);
    const { runner } = program;
    const prepare = () => runner.prepare(readStackConfig(program.folder.path, "dev"));
    let atFirst: Record<string, number> | undefined;
    for (let i = 1; i <= runCount; i++) {
      const { graph } = await program.run();
      assert.equal(graph.outputs.count, 5);
      prepare();
      assert.equal(runner.processCount, 1);
      if (i === 3) atFirst = held();
    }
    assert.deepEqual(held(), atFirst);
    await runner.close();
    assert.equal(runner.processCount, 0);
  });
});
