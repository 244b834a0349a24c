import assert from "node:assert/strict";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { packageFiles } from "../../local/resources/package-files.ts";
import { withProject } from "./temporary-project.ts";

const sources = { "src/index.js": "one", "src/lib/two.js": "two", "three.txt": "three", "package.zip": "PK" };

describe("packageFiles", () => {
  it("replaces an archive by the files in it, and leaves the rest alone", async () => {
    await withProject(sources, async (folder) => {
      const code = new asset.AssetArchive({
        "index.js": new asset.StringAsset("text"),
        "data/three.txt": new asset.FileAsset(join(folder, "three.txt")),
        vendor: new asset.FileArchive(join(folder, "src")),
        inner: new asset.AssetArchive({ "four.js": new asset.StringAsset("four") }),
      });
      assert.deepEqual(await packageFiles({ code, handler: "index.handler", list: [1] }), {
        code: {
          files: {
            "index.js": "text",
            "data/three.txt": "three",
            "vendor/index.js": "one",
            "vendor/lib/two.js": "two",
            "inner/four.js": "four",
          },
        },
        handler: "index.handler",
        list: [1],
      });
    });
  });

  it("reads a folder", async () => {
    await withProject(sources, async (folder) => {
      assert.deepEqual(await packageFiles({ code: new asset.FileArchive(join(folder, "src")) }), {
        code: { files: { "index.js": "one", "lib/two.js": "two" } },
      });
    });
  });

  it("refuses an archive file", async () => {
    await withProject(sources, async (folder) => {
      const file = join(folder, "package.zip");
      await assert.rejects(packageFiles({ code: new asset.FileArchive(file) }), {
        message: `${file} is an archive file, which local mode does not unpack: give the folder instead`,
      });
    });
  });

  it("refuses what would have to be fetched", async () => {
    const remote = new asset.RemoteAsset("https://example.com/code.js");
    await assert.rejects(packageFiles({ code: new asset.AssetArchive({ "lib/code.js": remote }) }), {
      message: "lib/code.js is fetched from elsewhere, which is not possible locally: use a local file",
    });
  });
});
