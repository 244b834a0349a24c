import assert from "node:assert/strict";
import { cpSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { sources, withProject } from "../engine/temporary-project.ts";
import { checkOut, replacing } from "../program/checkout.ts";
import { ask, bearer, open } from "../test-stack.ts";
import { type ProgramRun, start, token } from "./program-run.ts";

const whoami = '{"action":"whoami"}';

describe("npm start, while files are saved", function () {
  this.timeout(60_000);
  let run: ProgramRun;
  let folder: string;
  let socket: WebSocket;
  let done: () => void;
  let used: Promise<void>;
  before(async () => {
    const copied = Promise.withResolvers<string>();
    used = withProject({}, async (temporary) => {
      const path = join(temporary, "checkout");
      checkOut(path);
      for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) cpSync(new URL(file, sources), join(path, file));
      copied.resolve(path);
      await new Promise<void>((end) => {
        done = end;
      });
    });
    folder = await copied.promise;
    run = start("--port", "0", "--user-pool-port", "0", "--program", folder);
    const banner = await run.printed("Saving a file redeploys what it changes. Ctrl-C ends it.\n");
    const [, poolPort = ""] = /^ {2}http:\/\/localhost:(\d+) /m.exec(banner) ?? [];
    const [, url = ""] = /^ {2}(ws:.+)$/m.exec(banner) ?? [];
    const { stdout } = await token("alice", "--user-pool-port", poolPort, "--program", folder).ended;
    socket = await open(url, bearer(stdout.trim()));
  });
  after(async () => {
    run.interrupt();
    await run.ended;
    done();
    await used;
  });

  function edit(path: string, change: (content: string) => string): void {
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), "utf8")));
  }

  /** What is told of a save, up to the end of its reload, without time and duration. */
  async function saved(save: () => void, end: string): Promise<string[]> {
    const from = run.stdout.length;
    save();
    await run.printed(end, from);
    return run.stdout
      .slice(from)
      .replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "")
      .replaceAll(/\d+ ms$/gm, "n ms")
      .trimEnd()
      .split("\n")
      .filter((line) => /^(?:reload)? /.test(line));
  }

  it("serves a function that is saved by renaming, on connections that are open", async () => {
    const file = join(folder, "functions/whoami.ts");
    const told = await saved(() => {
      writeFileSync(`${file}.new`, 'export const handler = async () => ({ statusCode: 200, body: "one" });');
      renameSync(`${file}.new`, file);
    }, "unchanged\n");
    assert.deepEqual(told, [
      "reload   functions/whoami.ts  deployed in n ms",
      " ~   lambda.Function  whoami  code",
      " ~ 1 to update, 71 unchanged",
    ]);
    assert.equal(await ask(socket, whoami), "one");
  });

  it("goes on with what was there before a mistake, and heals with the next save", async () => {
    const fault = await saved(
      () => edit("functions/whoami.ts", (code) => `${code}\n}`),
      "not deployed: what was there before goes on\n",
    );
    assert.deepEqual(fault, ["reload   functions/whoami.ts  not deployed: what was there before goes on"]);
    assert.equal(await ask(socket, whoami), "one");
    const settings = await saved(
      () => edit("Pulumi.dev.yaml", (text) => `${text}  tokenUse: nonsense\n`),
      "not deployed: what was there before goes on\n",
    );
    assert.deepEqual(settings, ["reload   Pulumi.dev.yaml   not deployed: what was there before goes on"]);
    edit("functions/whoami.ts", replacing("\n}", ""));
    const healed = await saved(
      () => edit("Pulumi.dev.yaml", replacing("  tokenUse: nonsense\n", "")),
      "nothing to deploy\n",
    );
    assert.match(healed.join("\n"), /^reload {3}.+ {2}nothing to deploy$/m);
    assert.equal(await ask(socket, whoami), "one");
    assert.match(
      run.stderr,
      /^Error: Build failed with 1 error:\nfunctions\/whoami\.ts:2:0: ERROR: Unexpected "\}"$/m,
    );
  });

  it("serves a route that is added as the README says", async () => {
    const readme = readFileSync(new URL("README.md", sources), "utf8");
    const [ping = "", line = ""] = [...readme.matchAll(/^ {3}```ts\n(.+?)^ {3}```$/gms)].map(
      ([, code]) => code,
    );
    assert.match(line, /new Route\("ping"/);
    const told = await saved(() => {
      writeFileSync(join(folder, "functions/ping.ts"), ping);
      edit("index.ts", replacing("const actions = [\n", `const actions = [\n${line}`));
    }, "unchanged\n");
    assert.match(told[0] ?? "", /^reload {3}.+ {2}deployed in n ms$/);
    assert.ok(told.includes(" +   Route                       ping"), told.join("\n"));
    assert.match(told.at(-1) ?? "", /^ \+ 10 to create, ~ \d+ to update, \+-1 to replace, \d+ unchanged$/);
    assert.match(await ask(socket, '{"action":"ping"}'), /^\{"action":"ping","at":\d+\}$/);
  });

  it("serves a user pool that is declared, and names it", async () => {
    const declared =
      'import * as awsForPool from "@pulumi/aws";\nnew awsForPool.cognito.UserPool("members", {});\n';
    const added = await saved(() => edit("index.ts", (code) => `${code}${declared}`), "user pool us-east-1_");
    assert.match(added.at(-1) ?? "", /^ served at http:\/\/localhost:\d+: user pool us-east-1_\w+$/);
    const removed = await saved(() => edit("index.ts", replacing(declared, "")), "unchanged\n");
    assert.ok(removed.includes(" -   cognito.UserPool  members"), removed.join("\n"));
  });

  it("says so in a line if a save changes nothing", async () => {
    const now = new Date();
    const told = await saved(() => utimesSync(join(folder, "index.ts"), now, now), "nothing to deploy\n");
    assert.deepEqual(told, ["reload   index.ts          nothing to deploy"]);
  });

  it("ends on Ctrl-C during a reload", async () => {
    const stderr = run.stderr.length;
    await saved(
      () => edit("index.ts", (code) => `${code}\nconsole.log("deploying"); while (true);\n`),
      "deploying\n",
    );
    run.interrupt();
    const ending = await run.ended;
    assert.deepEqual([ending.exitCode, ending.signal, ending.stderr.slice(stderr)], [0, null, ""]);
    assert.doesNotMatch(ending.stdout.split("deploying\n")[1] ?? "", /reload/);
  });
});
