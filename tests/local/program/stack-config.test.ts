import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readStackConfig, type StackConfig } from "../../../local/program/stack-config.ts";
import { type Files, withProject } from "../../engine/temporary-project.ts";

/** The configuration of the stack `dev`. */
function read(files: Files): Promise<StackConfig> {
  return withProject(files, (folder) => readStackConfig(folder, "dev"));
}

/** What the values of a stack file become, by key, in a project without defaults. */
async function textsOf(values: string): Promise<Readonly<Record<string, string>>> {
  const stack = `config:\n${values.replaceAll(/^/gm, "  ")}`;
  return (await read({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": stack })).config;
}

/** The message with which reading fails, without the project's folder. */
async function failure(files: Files): Promise<string> {
  return withProject(files, (folder) => {
    try {
      readStackConfig(folder, "dev");
      return "none";
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, "");
    }
  });
}

const project = `
name: sample
runtime: nodejs
config:
  size:
    type: integer
    default: 3
  colors:
    type: array
    items: { type: string }
    default: [red, green]
  open:
    type: boolean
    default: false
  note: { type: string, default: "" }
  secretless: { type: string }
  fixed: { value: always }
  shorthand: plain
  aws:region: { value: eu-west-1 }
`;

describe("readStackConfig", () => {
  it("applies the project's defaults as text, lists as JSON", async () => {
    const { project: name, stack, config, isConfigured } = await read({ "Pulumi.yaml": project });
    assert.deepEqual([name, stack, isConfigured], ["sample", "dev", false]);
    assert.deepEqual(config, {
      "sample:size": "3",
      "sample:colors": '["red","green"]',
      "sample:open": "false",
      "sample:note": "",
      "sample:fixed": "always",
      "sample:shorthand": "plain",
      "aws:region": "eu-west-1",
    });
  });

  it("tells whether the stack has a file of its own", async () => {
    const { isConfigured } = await read({ "Pulumi.yaml": project, "Pulumi.dev.yaml": "" });
    assert.equal(isConfigured, true);
  });

  it("puts the stack's values in the place of defaults", async () => {
    const stack = `
config:
  aws:region: us-east-1
  sample:size: 0
  sample:colors: []
  sample:secretless: now set
  sample:map: { a: [1, true] }
  unqualified: yes indeed
`;
    const { config } = await read({
      "Pulumi.yaml": project,
      "Pulumi.dev.yaml": stack,
      "Pulumi.prod.yaml": "x",
    });
    assert.deepEqual(config, {
      "sample:size": "0",
      "sample:colors": "[]",
      "sample:open": "false",
      "sample:note": "",
      "sample:secretless": "now set",
      "sample:fixed": "always",
      "sample:shorthand": "plain",
      "sample:map": '{"a":[1,true]}',
      "sample:unqualified": "yes indeed",
      "aws:region": "us-east-1",
    });
  });

  it("reads a stack file without values", async () => {
    for (const stack of ["", "config:\n", "encryptionsalt: v1:abc\n"])
      assert.deepEqual((await read({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": stack })).config, {});
  });

  // Each of these was read with the Pulumi CLI 3.274.1: pulumi config --json.
  it("makes the same text of a value as the Pulumi CLI", async () => {
    const values = {
      integer: ["12345678901234567890", "12345678901234567890"],
      large: ["123456789012345678901234567890", "1.2345678901234568e+29"],
      octal: ["0777", "511"],
      octal12: ["0o17", "15"],
      hex: ["0x1F", "31"],
      binary: ["0b11", "3"],
      grouped: ["1_000", "1000"],
      account: ["012345678901", "12345678901"],
      float: ["1.10", "1.1"],
      exponent: ["1e3", "1000"],
      small: ["1e-7", "1e-7"],
      yes: ["yes", "yes"],
      boolean: ["True", "true"],
      nothing: ["", ""],
      tilde: ["~", ""],
      date: ["2020-01-01", "2020-01-01 00:00:00 +0000 UTC"],
      time: ["2020-01-01T10:20:30.5Z", "2020-01-01 10:20:30.5 +0000 UTC"],
      list: ["[1, ~, 2020-01-01, x]", '[1,null,"2020-01-01 00:00:00 +0000 UTC","x"]'],
      map: ["{z: 1, a: {c: 1.0, b: ~}}", '{"a":{"b":null,"c":1},"z":1}'],
      integers: ["[9223372036854775807, 12345678901234567890]", "[9223372036854775807,12345678901234567000]"],
    };
    const lines = Object.entries(values).map(([key, [value]]) => `${key}: ${value}`);
    const expected = Object.entries(values).map(([key, [, text]]) => [`sample:${key}`, text]);
    assert.deepEqual(await textsOf(lines.join("\n")), Object.fromEntries(expected));
  });

  it("merges what a merge key names", async () => {
    const config = await textsOf("base: &base { a: 1, b: 2 }\nmore: { <<: *base, b: 3 }");
    assert.equal(config["sample:more"], '{"a":1,"b":3}');
  });

  it("gives the project the keys without a namespace, and leaves those of others", async () => {
    assert.deepEqual(await textsOf("a: 1\nsample:b: 2\nother:c: 3\naws:config:region: us-east-1"), {
      "sample:a": "1",
      "sample:b": "2",
      "other:c": "3",
      "aws:region": "us-east-1",
    });
  });

  it("reads the stack file beside Pulumi.yml, and in the folder that the project names", async () => {
    const yml = await read({ "Pulumi.yml": "name: sample", "Pulumi.dev.yml": "config: { a: 1 }" });
    assert.deepEqual(yml.config, { "sample:a": "1" });
    const project = { "Pulumi.yaml": "name: sample\nstackConfigDir: stacks" };
    const { config, isConfigured } = await read({ ...project, "stacks/Pulumi.dev.yaml": "config: { a: 2 }" });
    assert.deepEqual([config, isConfigured], [{ "sample:a": "2" }, true]);
  });

  it("names the settings that the project declares as secrets", async () => {
    const project =
      "name: sample\nconfig:\n  a: { secret: true }\n  b: { secret: true, default: x }\n  c: y\n";
    const { secretKeys } = await read({ "Pulumi.yaml": project });
    assert.deepEqual(secretKeys, ["sample:b"]);
  });

  it("takes given values in place of the stack's, and of the project's defaults", async () => {
    const stack = "config:\n  sample:size: 4\n  sample:secretless: { secure: AAAB }\n";
    await withProject({ "Pulumi.yaml": project, "Pulumi.dev.yaml": stack }, (folder) => {
      const given = ["size=5", "colors[0]=blue", "secretless=plain", "aws:region=us-east-1"];
      const { config, secretKeys } = readStackConfig(folder, "dev", given);
      assert.deepEqual(
        ["sample:size", "sample:colors", "sample:secretless", "aws:region"].map((key) => config[key]),
        ["5", '["blue"]', "plain", "us-east-1"],
      );
      assert.deepEqual(secretKeys, ["sample:secretless"]);
    });
  });

  // The CLI 3.274.1 takes and refuses the same: pulumi preview.
  for (const [declaration, taken, refused] of [
    ["{type: integer}", ['"5"', "-5", "5"], ["many", "3.5", "", "[1]"]],
    ["{type: boolean}", ["true", '"false"'], ["yes", "1", ""]],
    ["{type: string}", ["5", "true", "", "abc"], ["[a]", "{a: b}"]],
    ["{type: object}", ["{a: 1}", "{}"], ["[a]", "a"]],
    ["{type: array, items: {type: string}}", ["[a]", "[]"], ["a", "[1]", "'[\"a\"]'"]],
    [
      "{type: array, items: {type: array, items: {type: integer}}}",
      ["[[1], []]", '[["1"]]'],
      ["[1]", "[[a]]"],
    ],
    ["{default: 1}", ["a", "[a]"], []],
  ] as const)
    it(`takes what Pulumi.yaml declares, and nothing else: ${declaration}`, async () => {
      const files = (value: string) => ({
        "Pulumi.yaml": `name: sample\nconfig:\n  key: ${declaration}\n`,
        "Pulumi.dev.yaml": `config:\n  key: ${value}\n`,
      });
      for (const value of taken) assert.equal(await failure(files(value)), "none", value);
      for (const value of refused)
        assert.match(
          await failure(files(value)),
          /^Pulumi\.dev\.yaml: key must be of the type [\w<>]+, which Pulumi\.yaml declares$/,
          value,
        );
    });

  it("names the declared type of a list with that of its items", async () => {
    const files = {
      "Pulumi.yaml": "name: sample\nconfig:\n  key: {type: array, items: {type: string}}\n",
      "Pulumi.dev.yaml": "config:\n  key: [1]\n",
    };
    assert.equal(
      await failure(files),
      "Pulumi.dev.yaml: key must be of the type array<string>, which Pulumi.yaml declares",
    );
  });

  it("refuses settings that are not keys with values", async () => {
    for (const config of ["config:\n  - a\n", "config: hello\n"])
      assert.equal(
        await failure({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": config }),
        "Pulumi.dev.yaml: config must be keys with values, like aws:region: us-east-1",
      );
  });
});
