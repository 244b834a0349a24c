import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, it } from "mocha";
import { OperatorError } from "../../local/operator-error.ts";
import { writtenArchive, writtenAsset } from "../../local/protocol/property-values.ts";
import { packageFiles, packagePaths } from "../../local/resources/package-files.ts";
import { withProject } from "./temporary-project.ts";

const sources = {
  "src/index.js": "one",
  "src/lib/two.js": "two",
  "three.txt": "three",
  "package.tar": "ustar",
};

/** The files of an archive, as text. */
function filesOf(archive: object, folder: string): Record<string, string> {
  const { code } = packageFiles({ code: archive }, folder, "function");
  return Object.fromEntries(
    Object.entries(code.files).map(([path, content]) => [
      path,
      String(content instanceof Uint8Array ? Buffer.from(content) : content),
    ]),
  );
}

describe("packageFiles", () => {
  it("replaces an archive by the files in it, and leaves the rest alone", async () => {
    await withProject(sources, (folder) => {
      const code = writtenArchive({
        assets: {
          "index.js": writtenAsset({ text: "text" }),
          "data/three.txt": writtenAsset({ path: "three.txt" }),
          vendor: writtenArchive({ path: "./src" }),
          inner: writtenArchive({ assets: { "four.js": writtenAsset({ text: "four" }) } }),
        },
      });
      assert.deepEqual(filesOf(code, folder), {
        "index.js": "text",
        "data/three.txt": "three",
        "vendor/index.js": "one",
        "vendor/lib/two.js": "two",
        "inner/four.js": "four",
      });
      const others = { handler: "index.handler", list: [1] };
      assert.deepEqual(packageFiles(others, folder, "function"), others);
    });
  });

  it("reads a folder and a zip file, byte for byte", async () => {
    await withProject(sources, (folder) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      writeFileSync(join(folder, "src", "all.bin"), bytes);
      writeFileSync(
        join(folder, "package.zip"),
        zipSync({ "index.js": strToU8("zipped"), lib: { "all.bin": bytes } }),
      );
      const read = (path: string) =>
        packageFiles({ code: writtenArchive({ path }) }, folder, "function").code.files;
      const unpacked = read("src");
      assert.deepEqual(Object.keys(unpacked).sort(), ["all.bin", "index.js", "lib/two.js"]);
      assert.deepEqual(new Uint8Array(unpacked["all.bin"]), bytes);
      assert.deepEqual(read("package.zip"), { "index.js": strToU8("zipped"), "lib/all.bin": bytes });
    });
  });

  it("names what cannot be read, and where it is used", async () => {
    await withProject(sources, (folder) => {
      const read = (archive: object) => () => packageFiles({ code: archive }, folder, 'function "notify"');
      assert.throws(
        read(writtenArchive({ path: "package.tar" })),
        new OperatorError(
          `${join(folder, "package.tar")} is an archive of another kind than zip, which local mode does not unpack: give the folder, or a zip file`,
        ),
      );
      assert.throws(
        read(writtenArchive({ path: "./app" })),
        new OperatorError(
          `function "notify": code: ./app cannot be read: ENOENT: no such file or directory, stat '${join(folder, "app")}'`,
        ),
      );
      const remote = writtenAsset({ uri: "https://example.com/code.js" });
      assert.throws(
        read(writtenArchive({ assets: { "lib/code.js": remote } })),
        new OperatorError(
          'function "notify": code: https://example.com/code.js is fetched from elsewhere, which is not possible locally: use a local file',
        ),
      );
    });
  });
});

describe("packagePaths", () => {
  it("names the files and folders that packages are made of", () => {
    const code = writtenArchive({
      assets: {
        a: writtenAsset({ path: "a.js" }),
        b: writtenArchive({ path: "../b" }),
        c: writtenAsset({ text: "" }),
      },
    });
    assert.deepEqual(packagePaths({ code, role: "r" }, "/program"), ["/program/a.js", "/b"]);
  });
});
