import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "mocha";
import { wsClient } from "../clients/ws-client.ts";
import { type ProgramRun, start } from "../local/program-run.ts";

const program = fileURLToPath(new URL("open-chat", import.meta.url));

describe("a program in CommonJS with one function for all routes", () => {
  let run: ProgramRun;
  let url: string;
  before(async () => {
    run = start("--port", "0", "--user-pool-port", "0", "--program", program);
    const banner = await run.printed("Ctrl-C ends it.\n");
    url = /^ {2}(ws:.+)$/m.exec(banner)?.[1] ?? assert.fail(banner);
  });
  after(async () => {
    run.interrupt();
    await run.ended;
  });

  it("is served as it is written: a folder as package, a shared integration, a role by itself", async () => {
    assert.match(url, /^ws:\/\/localhost:\d+\/live$/);
    const [ann, ben] = [await wsClient.open(url, {}), await wsClient.open(url, {})];
    ann.send('{"type":"join","name":"Ann"}');
    assert.equal(await ann.next(), "Welcome! Here are: Ann");
    ben.send('{"type":"join","name":"Ben"}');
    assert.equal(await ben.next(), "Welcome! Here are: Ann, Ben");
    ben.send('{"type":"say","text":"hi Ann"}');
    assert.deepEqual([await ann.next(), await ben.next()], ["Ben: hi Ann", "said"]);
    ann.send('{"type":"dance"}');
    assert.equal(await ann.next(), "what is dance?");
  });

  it("starts without a word on stderr", () => assert.equal(run.stderr, ""));
});
