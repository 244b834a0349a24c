import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { findPulumiCli } from "./pulumi-cli.ts";

describe("the Pulumi CLI of this machine", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-cli-")));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function put(path: string, mode = 0o755): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "");
    chmodSync(file, mode);
    return file;
  }

  function find(environment: NodeJS.ProcessEnv): string | undefined {
    return findPulumiCli({ HOME: folder, ...environment });
  }

  const pathOf = (...names: string[]) => names.map((name) => join(folder, name)).join(delimiter);

  it("is what PULUMI_CLI names, before all others", () => {
    put("bin/pulumi");
    assert.equal(find({ PULUMI_CLI: "/opt/pulumi", PATH: pathOf("bin") }), "/opt/pulumi");
  });

  it("is the first on the PATH that can be executed", () => {
    put("first/pulumi", 0o644);
    const second = put("second/pulumi");
    put("third/pulumi");
    put(".cache/pulumi-engine/v3.1.0/pulumi");
    assert.equal(find({ PATH: pathOf("none", "first", "second", "third") }), second);
  });

  it("is never that of the npm package, which downloads", () => {
    const script = put("lib/node_modules/pulumi/run.js");
    mkdirSync(join(folder, "bin"));
    symlinkSync(script, join(folder, "bin/pulumi"));
    put("node_modules/.bin/pulumi");
    assert.equal(find({ PATH: pathOf("bin", "node_modules/.bin") }), undefined);
  });

  it("is the newest that npx pulumi has downloaded, where none is installed", () => {
    put(".pulumi/versions/3.99.0/bin/pulumi");
    const newest = put(".pulumi/versions/3.100.0/bin/pulumi");
    put(".pulumi/versions/3.101.0/bin/pulumi", 0o644);
    put(".cache/pulumi-engine/v3.200.0/pulumi");
    assert.equal(find({}), newest);
    const other = put("home/versions/3.2.0/bin/pulumi");
    assert.equal(find({ PULUMI_HOME: join(folder, "home") }), other);
  });

  it("is the newest that has been built, where none was downloaded either", () => {
    put(".cache/pulumi-engine/v3.99.0/pulumi");
    const newest = put(".cache/pulumi-engine/v3.100.0/pulumi");
    mkdirSync(join(folder, ".cache/pulumi-engine/v3.101.0"));
    assert.equal(find({}), newest);
    const other = put("cache/pulumi-engine/v3.2.0/pulumi");
    assert.equal(find({ XDG_CACHE_HOME: join(folder, "cache") }), other);
  });
});
