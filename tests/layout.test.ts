import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Paths from the project's folder, without packages, reports and version control. */
function files(pattern: string): string[] {
  const exclude = (path: string) => /(^|\/)(node_modules|reports|\.git|\.stryker-tmp)$/.test(path);
  return globSync(pattern, { cwd: root, exclude }).sort();
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** A path from the project's folder for a file, else the package's name. */
  readonly target: string;
}

const isRelative = (specifier: string) => /^\.{1,2}\//.test(specifier);

function importsOf(from: string): Import[] {
  return ts.preProcessFile(read(from)).importedFiles.map(({ fileName: specifier }) => {
    const [scope = "", name = ""] = specifier.split("/");
    const packageName = specifier.startsWith("@") ? `${scope}/${name}` : scope;
    const target = isRelative(specifier) ? join(dirname(from), specifier) : packageName;
    return { from, specifier, target };
  });
}

const sources = files("**/*.ts");
const imports = sources.flatMap(importsOf);
const packageFile = JSON.parse(read("package.json"));

/** Imports of files that `from` may not import, as "from -> target". */
function strays(from: RegExp, allowed: RegExp): string[] {
  return imports
    .filter((one) => from.test(one.from) && isRelative(one.specifier) && !allowed.test(one.target))
    .map((one) => `${one.from} -> ${one.target}`);
}

/** The folders of local/, each above those that it may import. Files beside them may be imported by all. */
const floors = [
  ...["commands", "reload", "page", "screen", "diagram", "stack", "declared-pools", "ci", "provider"],
  ...["program", "gateway", "lambda", "resources", "user-pool", "account", "protocol", "sandbox"],
  ...["graph", "iam", "http"],
];

describe("the project's layout", () => {
  it("is read by these tests", () => {
    for (const path of [
      "index.ts",
      "functions/connect.ts",
      "infra/route.ts",
      "local/commands/start.ts",
      "tests/layout.test.ts",
    ])
      assert.ok(sources.includes(path), path);
    const targets = importsOf("index.ts").map(({ target }) => target);
    for (const target of ["@pulumi/aws", "infra/settings.ts"]) assert.ok(targets.includes(target), target);
  });

  for (const [what, from, allowed] of [
    ["functions/ import only functions/", /^functions\//, /^functions\//],
    ["infra/ imports only infra/", /^infra\//, /^infra\//],
    ["index.ts imports only infra/", /^index\.ts$/, /^infra\//],
    ["local/ imports only local/", /^local\//, /^local\//],
    [
      "local/graph/ imports nothing that reads graphs",
      /^local\/graph\//,
      /^local\/(graph\/|operator-error\.ts$)/,
    ],
    [
      "conformance/ imports only conformance/, local/ and how functions are bundled",
      /^conformance\//,
      /^(conformance\/|local\/|infra\/bundle\.ts$)/,
    ],
    ["examples/notifier/ imports only itself", /^examples\/notifier\//, /^examples\/notifier\//],
    ["examples/user-pool/ imports only itself", /^examples\/user-pool\//, /^examples\/user-pool\//],
  ] as const)
    it(`points one way: ${what}`, () => {
      assert.deepEqual(strays(from, allowed), []);
    });

  it("points down inside local/: no folder imports one above it", () => {
    const floorOf = (path: string) => {
      const [, folder = "", ...rest] = path.split("/");
      return rest.length > 0 ? floors.indexOf(folder) : floors.length;
    };
    const inside = imports.filter(
      ({ from, target }) => from.startsWith("local/") && target.startsWith("local/"),
    );
    assert.ok(inside.length > 500);
    assert.deepEqual(
      inside
        .filter(({ from, target }) => floorOf(from) > floorOf(target))
        .map((one) => `${one.from} -> ${one.target}`),
      [],
    );
    const folders = new Set(
      sources.filter((path) => /^local\/[^/]+\//.test(path)).map((path) => path.split("/")[1]),
    );
    assert.deepEqual([...folders].sort(), floors.toSorted());
  });

  it("has at most five files beside the folders of local/", () => {
    assert.deepEqual(files("local/*.*").length <= 5, true);
  });

  it("has no two files that import each other", () => {
    const known = new Set(imports.map(({ from, target }) => `${from} ${target}`));
    assert.deepEqual(
      imports
        .filter(({ from, target }) => from !== target && known.has(`${target} ${from}`))
        .map((one) => one.from),
      [],
    );
  });

  it("deploys with packages that package.json has as dependencies", () => {
    const deployed = imports.filter((one) => /^(index\.ts$|infra\/|functions\/)/.test(one.from));
    const packages = deployed.filter(
      ({ specifier }) => !isRelative(specifier) && !specifier.startsWith("node:"),
    );
    const known = Object.keys(packageFile.dependencies);
    assert.deepEqual(
      packages.filter(({ target }) => !known.includes(target)).map((one) => `${one.from} -> ${one.target}`),
      [],
    );
    assert.deepEqual([...new Set(packages.map(({ target }) => target))].sort(), known.sort());
  });

  for (const path of files("examples/*/package.json"))
    it(`has the packages that ${dirname(path)} imports in its package.json, in this project's versions`, () => {
      const { dependencies } = JSON.parse(read(path));
      const imported = imports.filter(
        ({ from, specifier }) =>
          from.startsWith(`${dirname(path)}/`) && !isRelative(specifier) && !specifier.startsWith("node:"),
      );
      const present = { ...packageFile.dependencies, ...packageFile.devDependencies };
      const names = [...new Set(imported.map(({ target }) => target))].sort();
      assert.deepEqual(dependencies, Object.fromEntries(names.map((name) => [name, present[name]])));
    });

  it("imports files by their names, .ts included, and built-in modules by node:", () => {
    const relative = imports.filter(({ specifier }) => isRelative(specifier));
    const wrong = relative.filter(({ target }) => !target.endsWith(".ts") || !existsSync(join(root, target)));
    const builtin = imports.filter(({ specifier }) =>
      /^(fs|path|http|https|crypto|url|util|os)(\/|$)/.test(specifier),
    );
    assert.deepEqual(
      [...wrong, ...builtin].map((one) => `${one.from} -> ${one.specifier}`),
      [],
    );
  });

  it("has an index.ts as the program of a Pulumi project and nowhere else", () => {
    const programs = files("**/Pulumi.yaml")
      .map((path) => join(dirname(path), "index.ts"))
      .filter((path) => !existsSync(join(root, path.replace(/ts$/, "js"))));
    assert.deepEqual(
      sources.filter((path) => basename(path) === "index.ts"),
      programs.sort(),
    );
    assert.ok(programs.includes("index.ts"));
  });

  it("names files in kebab-case, for the one thing that is in them", () => {
    const isNamed = (path: string) =>
      path.split("/").every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?(\.ts)?$/.test(part)) &&
      !/(^|[/-])(utils?|helpers?|common|misc)(-|\.|\/)/.test(path);
    assert.deepEqual(
      sources.filter((path) => !isNamed(path)),
      [],
    );
  });

  it("names no package registry, and locks packages without one", () => {
    const texts = [...files("**/*.{ts,js,mjs,json,yaml,yml,md,sh}"), ...files(".npmrc"), ...files(".ci/*")];
    assert.ok(texts.includes("package-lock.json") && texts.includes(".npmrc") && texts.includes(".ci/run"));
    const registry = /registry\.(npmjs|yarnpkg)|npm\.pkg\.github|^registry\s*=|"resolved"\s*:/m;
    assert.deepEqual(
      texts.filter((path) => registry.test(read(path))),
      [],
    );
  });

  it("pins what the bundles and the infrastructure are made of", () => {
    const { "@pulumi/aws": aws, "@pulumi/pulumi": pulumi, esbuild } = packageFile.dependencies;
    for (const version of [aws, pulumi, esbuild]) assert.match(version, /^\d+\.\d+\.\d+$/);
  });
});
