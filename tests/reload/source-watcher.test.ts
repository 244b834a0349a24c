import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import { SourceWatcher } from "../../local/reload/source-watcher.ts";
import { withProject } from "../engine/temporary-project.ts";

/** The saves of a folder, in the order in which they were told. */
class Saves {
  readonly told: (readonly string[])[] = [];
  #arrived = Promise.withResolvers<void>();

  add = (paths: readonly string[]): void => {
    this.told.push(paths);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  };

  async next(): Promise<readonly string[]> {
    if (this.told.length === 0) await this.#arrived.promise;
    return this.told.shift() ?? [];
  }
}

describe("the source watcher", () => {
  let saves: Saves;
  let folder: string;
  let sources: SourceWatcher;
  let savingCount = 0;
  let done: () => void;
  let used: Promise<void>;
  before(
    () =>
      new Promise<void>((resolve) => {
        const files = { "index.ts": "", "functions/a.ts": "", ".git/HEAD": "", "reports/a.txt": "" };
        used = withProject(files, async (path) => {
          folder = path;
          sources = new SourceWatcher(folder, {
            onSaving: () => savingCount++,
            onError: (error) => assert.fail(String(error)),
            saveMs: 400,
          });
          await sources.ready;
          resolve();
          await new Promise<void>((end) => {
            done = end;
          });
          await sources.close();
        });
      }),
  );
  after(async () => {
    done();
    await used;
  });
  beforeEach(() => {
    saves = new Saves();
    savingCount = 0;
  });

  function write(path: string, content = String(Math.random())): void {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  it("tells those who come late what was saved before", async () => {
    write("index.ts");
    while (savingCount === 0) await new Promise(setImmediate);
    sources.onSaved(saves.add);
    assert.deepEqual(await saves.next(), ["index.ts"]);
  });

  it("tells of a file that is written in several steps once, and before it is told that something is saved", async () => {
    sources.onSaved((paths) => {
      assert.ok(savingCount > 0);
      saves.add(paths);
    });
    write("index.ts", "");
    appendFileSync(join(folder, "index.ts"), "half");
    appendFileSync(join(folder, "index.ts"), "whole");
    assert.deepEqual(await saves.next(), ["index.ts"]);
    write("functions/a.ts");
    assert.deepEqual(await saves.next(), ["functions/a.ts"]);
  });

  it("tells of files that are saved together, new or removed, at once", async () => {
    sources.onSaved(saves.add);
    write("index.ts");
    write("functions/b.ts");
    rmSync(join(folder, "functions/a.ts"));
    assert.deepEqual((await saves.next()).toSorted(), ["functions/a.ts", "functions/b.ts", "index.ts"]);
  });

  it("tells of a save by renaming as of the file alone", async () => {
    sources.onSaved(saves.add);
    write("index.ts.tmp", "new");
    while (savingCount === 0) await new Promise(setImmediate);
    renameSync(join(folder, "index.ts.tmp"), join(folder, "index.ts"));
    assert.deepEqual(await saves.next(), ["index.ts"]);
    renameSync(join(folder, "index.ts"), join(folder, "index.ts~"));
    write("index.ts");
    rmSync(join(folder, "index.ts~"));
    assert.deepEqual(await saves.next(), ["index.ts"]);
  });

  it("tells nothing of packages, reports, hidden files and backups", async () => {
    sources.onSaved(saves.add);
    for (const path of [".git/HEAD", "reports/a.txt", "functions/.a.ts.swp", "functions/a.ts~", "#index.ts#"])
      write(path);
    mkdirSync(join(folder, "functions/node_modules"));
    write("functions/node_modules/a.js");
    write("index.ts");
    assert.deepEqual(await saves.next(), ["index.ts"]);
  });
});

describe("the source watcher of several programs", () => {
  it("tells of saves in each folder, wherever it is, by paths from the first", async () => {
    const files = { "api/index.ts": "", ".work/notifier/index.ts": "", ".work/notifier/.env": "" };
    await withProject(files, async (folder) => {
      const saves = new Saves();
      const sources = new SourceWatcher(join(folder, "api"), {
        onSaving: () => {},
        onError: (error) => assert.fail(String(error)),
        also: [join(folder, ".work/notifier")],
      });
      await sources.ready;
      sources.onSaved(saves.add);
      writeFileSync(join(folder, ".work/notifier/.env"), "hidden");
      writeFileSync(join(folder, ".work/notifier/index.ts"), "new");
      assert.deepEqual(await saves.next(), ["../.work/notifier/index.ts"]);
      writeFileSync(join(folder, "api/index.ts"), "new");
      assert.deepEqual(await saves.next(), ["index.ts"]);
      await sources.close();
    });
  });
});
