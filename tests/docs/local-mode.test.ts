import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { sections } from "../../conformance/sections.ts";

const docs = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("local.md", docs), "utf8");
const cases = sections.flatMap((section) => section.cases);

interface Citation {
  readonly path: string;
  readonly text: string;
}

/** Like `[events](../tests/gateway/events.test.ts) "the event of a message"`. */
function citedTitles(): Citation[] {
  return [...page.matchAll(/\]\((\.\.\/[^)#]+)\) "([^"]+)"/g)].map(([, path = "", text = ""]) => ({
    path,
    text,
  }));
}

/** Like `` `throttled` in [connection](../local/gateway/connection.ts) ``. */
function citedNames(): Citation[] {
  return [...page.matchAll(/`(#?\w+)` in \[[^\]]+\]\(([^)]+)\)/g)].map(([, text = "", path = ""]) => ({
    path,
    text,
  }));
}

function read(path: string): string {
  return readFileSync(new URL(path, docs), "utf8");
}

function assertSome<T>(found: readonly T[]): readonly T[] {
  assert.ok(found.length > 10, `${found.length} found`);
  return found;
}

describe("docs/local.md", () => {
  it("links to files that are there", () => {
    const paths = [...page.matchAll(/\]\((\.\.?\/[^)#]+)\)/g)].map(([, path = ""]) => path);
    assert.deepEqual(
      assertSome(paths).filter((path) => !existsSync(new URL(path, docs))),
      [],
    );
  });

  it("links to headings of its own", () => {
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replaceAll(" ", "-"),
    );
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    assert.ok(targets.length > 0);
    assert.deepEqual(
      targets.filter((target) => !headings.includes(target)),
      [],
    );
  });

  it("names tests that are there", () => {
    const isTitle = ({ path, text }: Citation) =>
      ["describe", "it"].some((call) => read(path).includes(`${call}(${JSON.stringify(text)},`));
    assert.deepEqual(
      assertSome(citedTitles()).filter((citation) => !isTitle(citation)),
      [],
    );
  });

  it("names constants and functions that are there", () => {
    const isThere = ({ path, text }: Citation) => new RegExp(`${text}\\b`).test(read(path));
    assert.deepEqual(
      assertSome(citedNames()).filter((citation) => !isThere(citation)),
      [],
    );
  });

  it("names conformance cases that are there, under the source that they have", () => {
    const [before = "", unconfirmed = ""] = page.split("\n## Unconfirmed\n");
    const rows = before.split("\n").map((row) => [row.split(" | ")[1] ?? "", row]);
    const cited = [...rows, ["unconfirmed", unconfirmed]].flatMap(([source = "", text = ""]) =>
      [...text.matchAll(/\bcase "([^"]+)"/g)].map(([, fact = ""]) => ({ source, fact })),
    );
    assert.deepEqual(
      assertSome(cited).filter(
        ({ source, fact }) => !cases.some((each) => each.fact === fact && each.source === source),
      ),
      [],
    );
  });
});
