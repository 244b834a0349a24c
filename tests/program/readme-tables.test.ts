import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { before, describe, it } from "mocha";
import { parse } from "yaml";
import { settingKeys } from "../../infra/settings.ts";
import { fullest, programGraph } from "./program-graph.ts";

interface Declaration {
  readonly type: string;
  readonly default?: unknown;
}

interface Row {
  /** What the first cell names in backticks. */
  readonly names: readonly string[];
  /** The other cells. */
  readonly cells: readonly string[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = ["README.md", "docs/settings.md"]
  .map((page) => readFileSync(`${root}${page}`, "utf8"))
  .join("\n\n");
const declarations: Readonly<Record<string, Declaration>> = parse(
  readFileSync(`${root}Pulumi.yaml`, "utf8"),
).config;

/** The rows of the table with this heading, of which there must be one. */
function rowsOf(heading: string): Row[] {
  const [, table, ...others] = pages.split(`${heading}\n`);
  assert.ok(table !== undefined && others.length === 0, `one table ${heading}`);
  const [divider, ...lines] = table.slice(0, table.indexOf("\n\n")).split("\n");
  assert.match(divider ?? "", /^\|( --- \|)+$/);
  return lines.map((line) => {
    const [, first = "", ...rest] = line.split("|").map((cell) => cell.trim());
    assert.equal(rest.pop(), "", line);
    const names = first.split(", ").map((name) => /^`([\w.]+\/?)`$/.exec(name)?.[1] ?? assert.fail(line));
    return { names, cells: rest };
  });
}

/** A default as the table writes it. */
function defaultOf(key: string): string {
  const value = declarations[key]?.default;
  if (value === undefined) return "required";
  const values = Array.isArray(value) ? value : [value].filter((one) => one !== "");
  return values.length === 0 ? "none" : values.map((one) => `\`${one}\``).join(", ");
}

describe("the settings in docs/settings.md", () => {
  let rows: Row[];
  before(() => {
    rows = rowsOf("| key | default | what it does |");
  });

  it("are all that a stack can have, each once, in the order of Pulumi.yaml", () => {
    const names = rows.flatMap((row) => row.names);
    // Without pulumi:tags, which pulumi new adds to a copy.
    const declared = Object.keys(declarations).filter((key) => !key.includes(":"));
    assert.deepEqual(names, declared);
    assert.deepEqual(names, settingKeys);
  });

  it("have the defaults of Pulumi.yaml, and say what they do", () => {
    for (const { names, cells } of rows) {
      const [given, purpose, ...others] = cells;
      assert.deepEqual([given, others], [names.map(defaultOf).join(", "), []]);
      assert.match(purpose ?? "", /^\S.{15,}[^.\s]$/);
    }
  });

  it("name each value that they can have, where these are few", () => {
    const choices = {
      tokenUse: ["access", "id"],
      tokenSources: ["header", "subprotocol", "query"],
      apiGatewayLogRole: ["existing", "manage", "off"],
      issuerHost: ["cognito-idp", "issuer-cognito-idp"],
      jwks: ["deploy", "runtime"],
      detailedMetrics: ["true"],
      disableDefaultEndpoint: ["true"],
      ipAddressType: ["dualstack", "ipv4"],
    };
    const named = rows.flatMap(({ names: [key = ""], cells: [, purpose = ""] }) => {
      const values = [...purpose.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
      return values.length > 0 ? [[key, values]] : [];
    });
    assert.deepEqual(Object.fromEntries(named), choices);
  });
});

describe("the outputs in README.md", () => {
  let rows: Row[];
  let names: string[];
  before(() => {
    rows = rowsOf("| output | what it is |");
    names = rows.flatMap((row) => row.names);
  });

  it("are those of index.ts, each once, in their order", () => {
    const source = readFileSync(`${root}index.ts`, "utf8");
    const exported = [...source.matchAll(/^export const (\w+) =/gm)].map(([, name]) => name);
    assert.deepEqual(names, exported);
  });

  it("are those that the program has, whatever its settings", async () => {
    for (const settings of [{}, fullest, { apiGatewayLogRole: "off" }])
      assert.deepEqual(Object.keys((await programGraph(settings)).outputs).sort(), [...names].sort());
  });

  it("say what they are", () => {
    for (const { cells } of rows) assert.match(cells.join("|"), /^[^|]{20,}$/);
  });
});

describe("the layout in README.md", () => {
  it("names what is there, each once, and the command of each folder that has one", () => {
    const rows = rowsOf("| where | what |");
    const names = rows.flatMap((row) => row.names);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      names.filter((name) => !existsSync(`${root}${name}`)),
      [],
    );
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
    const commands = rows.flatMap(({ cells }) => [...cells.join().matchAll(/`npm run ([\w-]+)`/g)]);
    assert.deepEqual(
      commands.map(([, command = ""]) => command).filter((command) => !(command in scripts)),
      [],
    );
  });
});
