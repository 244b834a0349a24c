import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readSetting, withSetting } from "../../../local/program/setting-path.ts";

/** The settings after these were given, one after the other. */
function given(settings: Readonly<Record<string, unknown>>, ...texts: string[]) {
  return texts.map((text) => readSetting(text, "sample")).reduce(withSetting, settings);
}

describe("a setting of the command line", () => {
  it("takes the place of a value, as a text", () => {
    assert.deepEqual(
      given({ "sample:a": 1, "sample:b": 2 }, "a=true", "aws:region=x=y:z", "other:config:c="),
      {
        "sample:a": "true",
        "sample:b": 2,
        "aws:region": "x=y:z",
        "other:c": "",
      },
    );
  });

  it("is a list or an object if it is one in JSON", () => {
    assert.deepEqual(given({}, 'list=["a",1]', 'map={"b":true}', "text=[a", 'quoted="a"'), {
      "sample:list": ["a", 1],
      "sample:map": { b: true },
      "sample:text": "[a",
      "sample:quoted": '"a"',
    });
  });

  // As pulumi config set --path of the CLI 3.274.1 stores them.
  it("is put where its path leads, as a number or a boolean where it looks like one", () => {
    const settings = { "sample:list": ["a", "b"], "sample:text": "x" };
    const texts = ["list[0]=c", "list[2]=5", 'map.a["b.c"]=true', "map.n[0].id=007", "text[0]=-1"];
    assert.deepEqual(given(settings, ...texts), {
      "sample:list": ["c", "b", 5n],
      "sample:map": { a: { "b.c": true }, n: [{ id: "007" }] },
      "sample:text": [-1n],
    });
    assert.deepEqual(settings, { "sample:list": ["a", "b"], "sample:text": "x" });
  });

  for (const text of ["", "a", "=b", "[0]=b", "a[x]=b", 'a["b=c', "a.=b"])
    it(`is refused in another form: ${text}`, () => {
      assert.throws(() => readSetting(text, "sample"), {
        message: `--config is ${JSON.stringify(text)}, but must be like tokenUse=id or userPoolClientIds[0]=abc`,
      });
    });

  it("is refused behind the end of a list", () => {
    assert.throws(() => given({ "sample:list": ["a"] }, "list[2]=b"), {
      message: "--config sample:list[2]: the list has 1 items, so the next is sample:list[1]",
    });
  });
});
