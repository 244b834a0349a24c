import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, describe, it } from "mocha";
import { createEngineFolder } from "../../local/commands/engine-mode/engine-folder.ts";
import { ProgramRun, start } from "../local/program-run.ts";

const freePorts = ["--port", "0", "--user-pool-port", "0", "--engine-port", "0"];

describe("npm start --engine", function () {
  this.timeout(60_000);

  it("prints what a Pulumi CLI must be told, and takes its folder away at Ctrl-C", async () => {
    const run = start("--engine", ...freePorts);
    const printed = await run.printed("Ctrl-C ends it");
    const variables = [...printed.matchAll(/^ {2}export (\w+)="(.+)"$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const { PULUMI_DEBUG_PROVIDERS, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, NODE_OPTIONS, ...others } =
      Object.fromEntries(variables);
    assert.deepEqual([PULUMI_CONFIG_PASSPHRASE, others], ["local", {}]);
    assert.match(PULUMI_DEBUG_PROVIDERS, /^aws:\d+$/);
    const folders = [PULUMI_BACKEND_URL, NODE_OPTIONS.replace("--import=", "")].map((url) =>
      fileURLToPath(url),
    );
    assert.deepEqual(folders.map(existsSync), [true, true]);
    for (const [name, value] of variables) assert.ok(printed.includes(`$env:${name} = "${value}"`), name);
    run.interrupt();
    const { exitCode, stderr } = await run.ended;
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.deepEqual(folders.map(existsSync), [false, false]);
  });

  it("refuses what does not go with it", async () => {
    const endings = await Promise.all(
      [start("--engine", "--with", "examples/notifier"), start("--engine-port", "0")].map(
        ({ ended }) => ended,
      ),
    );
    assert.deepEqual(
      endings.map(({ exitCode, stderr }) => [exitCode, stderr]),
      [
        [
          1,
          "--with serves another program, and --engine serves none: deploy that program with the Pulumi CLI too\n",
        ],
        [1, "--engine-port is a port of --engine: give that too\n"],
      ],
    );
  });
});

describe("what a program loads that an engine starts", () => {
  const folder = mkdtempSync(join(tmpdir(), "engine-preload-"));
  const server = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("sends calls to emulated hosts here, and notes where the program is", async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const engine = createEngineFolder({ "keys.example.com": { port } });
    assert.equal(engine.folderOf("chat"), undefined);
    const source = 'console.log(await (await fetch("https://keys.example.com/jwks.json")).text())';
    const { stdout } = await new ProgramRun(process.execPath, [
      ...[`--import=${engine.preloadUrl}`, "--input-type=module", "--eval", source, "--"],
      ...["--project", "chat", "--pwd", folder],
    ]).ended;
    assert.equal(stdout, "keys.example.com /jwks.json\n");
    assert.equal(engine.folderOf("chat"), folder);
    assert.match(readFileSync(fileURLToPath(engine.preloadUrl), "utf8"), /keys\.example\.com/);
    await engine.close();
  });
});
