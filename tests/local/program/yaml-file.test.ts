import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readYamlFile } from "../../../local/program/yaml-file.ts";
import { withProject } from "../../engine/temporary-project.ts";

/** The message with which reading this text fails, without the folder. */
function failure(text: string): Promise<string> {
  return withProject({ "a.yaml": text }, (folder) => {
    try {
      readYamlFile(join(folder, "a.yaml"));
      return "none";
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, "");
    }
  });
}

describe("readYamlFile", () => {
  it("reads an empty file, and one that starts with a byte order mark", async () => {
    await withProject({ "empty.yaml": "# nothing\n", "bom.yaml": "\uFEFFname: a\n" }, (folder) => {
      assert.deepEqual(readYamlFile(join(folder, "empty.yaml")), {});
      assert.deepEqual(readYamlFile(join(folder, "bom.yaml")), { name: "a" });
    });
  });

  it("refuses a mistake in the YAML with its line and column", async () => {
    assert.equal(
      await failure("config:\n  aws:region: us-east-1\n aws:profile: x\n"),
      "a.yaml:3:1: All mapping items must start at the same column",
    );
    assert.equal(await failure("config:\n  a: *nobody\n"), "a.yaml:2:6: no anchor &nobody before it");
  });

  it("refuses what are not keys with values", async () => {
    for (const text of ["hello", "- a"])
      assert.equal(await failure(text), "a.yaml: keys with values are expected, like name: value");
  });

  it("refuses a file that cannot be read", async () => {
    await withProject({}, (folder) => {
      mkdirSync(join(folder, "a.yaml"));
      assert.throws(() => readYamlFile(join(folder, "a.yaml")), {
        message: `${join(folder, "a.yaml")} cannot be read: EISDIR`,
      });
    });
  });
});
