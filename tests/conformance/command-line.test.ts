import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { accessToken } from "../token-factory.ts";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

interface Ending {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm run conformance` runs, with no variables but these. */
async function conformance(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const child = spawn(process.execPath, ["conformance/conformance.ts", ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH ?? "", ...variables },
  });
  const exit = once(child, "close");
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { exitCode, stdout, stderr };
}

describe("npm run conformance", function () {
  this.timeout(60_000);
  it("says what to set where nothing is, and offers local mode", async () => {
    const { exitCode, stdout, stderr } = await conformance([]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.match(
      stderr,
      /^No variable tells of an endpoint\. To run on local mode: npm run conformance -- --local\n\nCONFORMANCE_URL is not set\. /,
    );
  });

  it("runs the chosen cases on local mode, and skips the slow ones by name", async () => {
    const { exitCode, stdout, stderr } = await conformance(["--local", "--only", "closed"]);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.equal(
      stdout.replace(/:\d+\/prod/, ":<port>/prod").replace(/\d+\.\d s$/m, "<time>"),
      `6 cases on ws://127.0.0.1:<port>/prod

  @connections    4 passed    0 failed
  limits          0 passed    0 failed    2 skipped

skipped  they take hours: --slow
  limits: a connection that is idle for 10 minutes is closed with 1001 Going away
  limits: a connection that is in use is closed after 2 hours, with 1001

  4 passed    0 failed    2 skipped in <time>
`,
    );
  });

  it("fails where a case fails", async () => {
    const server = createServer((_, response) => response.end("hello"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { exitCode, stdout } = await conformance(["--only", "a good token or not"], {
      CONFORMANCE_URL: `ws://127.0.0.1:${port}/prod`,
      CONFORMANCE_TOKEN: accessToken(),
    });
    server.close();
    assert.equal(exitCode, 1);
    assert.match(stdout, /200 !== 426\n\n {2}0 passed {4}1 failed in/);
  });

  it("says in one line that an endpoint cannot be reached", async () => {
    const token = accessToken();
    assert.deepEqual(
      await conformance([], { CONFORMANCE_URL: "ws://127.0.0.1:1/prod", CONFORMANCE_TOKEN: token }),
      {
        exitCode: 1,
        stdout: "",
        stderr: "ws://127.0.0.1:1/prod cannot be reached: connect ECONNREFUSED 127.0.0.1:1\n",
      },
    );
  });

  it("refuses a choice of no case", async () => {
    assert.deepEqual(await conformance(["--only", "no such fact"]), {
      exitCode: 1,
      stdout: "",
      stderr: 'no case contains "no such fact": --list names them\n',
    });
  });

  it("lists the cases with the source of each", async () => {
    const { exitCode, stdout } = await conformance(["--list", "--only", "426"]);
    assert.deepEqual(
      [exitCode, stdout],
      [
        0,
        "handshake\n  a GET that asks for no upgrade gets 426 (observed)\n  a GET that asks for no upgrade gets 426, a good token or not (observed)\n",
      ],
    );
  });
});
