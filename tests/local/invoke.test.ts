import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { withProject } from "../engine/temporary-project.ts";
import { projectName } from "../project-name.ts";
import { ask, bearer, open } from "../test-stack.ts";
import { type Ending, ProgramRun, start, token } from "./program-run.ts";

const freePorts = ["--port", "0", "--user-pool-port", "0"];
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What `npm run invoke` runs, without npm. */
function invoke(...args: string[]): Promise<Ending> {
  return new ProgramRun(process.execPath, ["local/commands/invoke.ts", ...args]).ended;
}

function ending(exitCode: number, stdout: string, stderr: string): Ending {
  return { exitCode, signal: null, stdout: stdout && `${stdout}\n`, stderr: stderr && `${stderr}\n` };
}

/** A program's tree: its title, and its resources in alphabetical order, because theirs may vary. */
function shown(tree: string): string[] {
  const [title = "", ...lines] = tree.split("\n");
  return [title, ...lines.map((line) => line.slice(3)).sort()];
}

describe("npm start --with a program, and npm run invoke", function () {
  this.timeout(60_000);
  let run: ProgramRun;
  let banner: string;
  let port: string;
  let socket: WebSocket;
  let connectionId: string;
  before(async () => {
    const apiStack = `websocket-notifier:apiStack=organization/${projectName}/dev`;
    run = start(...freePorts, "--with", "examples/notifier", "--config", apiStack);
    banner = await run.printed("Ctrl-C ends it.\n");
    const [, url = "", apiPort = ""] = /^ {2}(ws:\/\/localhost:(\d+)\/prod)$/m.exec(banner) ?? [];
    port = apiPort;
    const [, poolPort = ""] = /^ {2}http:\/\/localhost:(\d+) /m.exec(banner) ?? [];
    const { stdout } = await token("alice", "--user-pool-port", poolPort).ended;
    socket = await open(url, bearer(stdout.trim()));
    ({ connectionId } = JSON.parse(await ask(socket, '{"action":"whoami"}')));
  });
  after(async () => {
    run.interrupt();
    await run.ended;
  });

  it("serves both, and prints how to invoke the other one's function", () => {
    const sections = banner.split("\n\n");
    assert.match(banner, new RegExp(`^${projectName} \\(dev\\)\n├─ `, "m"));
    assert.deepEqual(shown(sections.find((text) => text.startsWith("websocket-notifier")) ?? ""), [
      "websocket-notifier (dev)",
      "cloudwatch.LogGroup notify",
      "iam.Role notify",
      "iam.RolePolicy notify",
      "iam.RolePolicyAttachment push",
      "lambda.Function notify",
      `pulumi.StackReference organization/${projectName}/dev`,
    ]);
    assert.ok(
      sections.includes(
        `Invoke a function of the other programs\n  npm run -s invoke -- notify '{}' --port ${port}`,
      ),
      banner,
    );
    assert.equal(run.stderr, "");
  });

  it("prints what the function answers, after it has pushed", async () => {
    const heard = once(socket, "message");
    const event = JSON.stringify({ connectionId, message: 'it\'s "hello"' });
    const line = `npm run -s invoke -- notify '${event.replaceAll("'", "'\\''")}' --port ${port}`;
    assert.deepEqual(await new ProgramRun("bash", ["-c", line]).ended, ending(0, '{"delivered":true}', ""));
    assert.equal(String((await heard)[0]), 'it\'s "hello"');
  });

  it("prints a function's error, and ends with 1", async () => {
    const { exitCode, stdout, stderr } = await invoke("notify", "--port", port);
    assert.deepEqual([exitCode, stderr], [1, ""]);
    const { errorType, errorMessage } = JSON.parse(stdout);
    assert.deepEqual(
      [errorType, errorMessage],
      ["Error", "No value provided for input HTTP label: ConnectionId."],
    );
  });

  it("says why there is no answer", async () => {
    const [unknown, malformed] = await Promise.all([
      invoke("dance", "--port", port),
      invoke("notify", "{", "--port", port),
    ]);
    assert.deepEqual(
      unknown,
      ending(
        1,
        "",
        "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:dance",
      ),
    );
    assert.deepEqual([malformed.exitCode, malformed.stdout], [1, ""]);
    assert.match(
      malformed.stderr,
      /^InvalidRequestContentException: Could not parse request body into json: .+\n$/,
    );
  });
});

describe("npm run invoke by itself", function () {
  this.timeout(60_000);
  it("says how it is used", async () => {
    const [help, nothing, tooMuch, port, option] = await Promise.all(
      [["--help"], [], ["notify", "{}", "more"], ["notify", "--port", "http"], ["notify", "--prot", "1"]].map(
        (args) => invoke(...args),
      ),
    );
    const usage = help?.stdout.trimEnd() ?? "";
    assert.ok(usage.startsWith("npm run -s invoke -- <function> [event] [options]\n"));
    assert.deepEqual([help?.exitCode, help?.stderr], [0, ""]);
    assert.deepEqual(
      [nothing, tooMuch, port, option],
      [
        ending(1, "", `name one function, and give one event\n\n${usage}`),
        ending(1, "", `name one function, and give one event\n\n${usage}`),
        ending(1, "", '--port is "http", but must be a port from 0 to 65535 (0 takes a free one)'),
        ending(1, "", `Unknown option '--prot'\n\n${usage}`),
      ],
    );
  });

  it("names a port where nothing answers, or something else does", async () => {
    const other = createServer((_, response) => response.writeHead(404).end("not here"));
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    const elsewhere = await invoke("notify", "--port", `${port}`);
    await new Promise((resolve) => other.close(resolve));
    const nowhere = await invoke("notify", "--port", `${port}`);
    assert.deepEqual(
      [elsewhere, nowhere],
      [
        ending(1, "", `what answers at port ${port} is not npm start`),
        ending(1, "", `nothing answers at port ${port}: run npm start first, or name its port with --port`),
      ],
    );
  });
});

describe("npm start with programs that do not go together", function () {
  this.timeout(60_000);
  it("says so, and ends", async () => {
    await withProject({ "empty/index.ts": "" }, async (folder) => {
      const endings = await Promise.all([
        start(...freePorts, "--with", "examples/nothing").ended,
        start(...freePorts, "--with", `${folder}/empty`).ended,
        start(...freePorts, "--with", "examples/notifier", "--with", "examples/notifier").ended,
        start(...freePorts, "--with", "examples/browser").ended,
      ]);
      const twice = (project: string, path: string) =>
        `two programs are of the project ${project}, in ${path} and ${path}: name each once, and give each its own name in its Pulumi.yaml`;
      assert.deepEqual(endings, [
        ending(1, "", "--with examples/nothing: there is nothing"),
        ending(1, "", `no Pulumi.yaml in ${folder}/empty or above it`),
        ending(1, "", twice("websocket-notifier", `${root}/examples/notifier`)),
        ending(1, "", twice(projectName, root)),
      ]);
    });
  });
});

describe("npm start of a program without an API", function () {
  this.timeout(60_000);
  it("shows its resources and its user pool, and says that there is nothing to connect to", async () => {
    const run = new ProgramRun("env", [
      "AWS_REGION=us-east-1",
      process.execPath,
      "local/commands/start.ts",
      ...freePorts,
      "--program",
      "examples/user-pool",
    ]);
    const printed = await run.printed("nothing to connect to.\n");
    const [, command = ""] = /A token of alice\n {2}npm run -s token -- (.*)/.exec(printed) ?? [];
    const token = new ProgramRun(process.execPath, [
      "local/commands/token.ts",
      ...command.replaceAll("'", "").split(" "),
    ]);
    const { stdout } = await token.ended;
    run.interrupt();
    const [tree = "", ...others] = printed.trimEnd().split("\n\n");
    assert.deepEqual(shown(tree), [
      "websocket-user-pool (dev)",
      "cognito.UserGroup group",
      "cognito.UserPool users",
      "cognito.UserPoolClient browser",
      "cognito.UserPoolClient server",
    ]);
    const [, userPoolPort, id, name] =
      /http:..localhost:(\d+) {2}(us-east-1_\w+) {2}(\S+)/.exec(printed) ?? [];
    const [clients = "", browser = ""] = [
      /( {2}client \w+( {2}secret \w+)?\n){2}/.exec(printed)?.[0],
      /client (\w+)\n/.exec(printed)?.[1],
    ];
    assert.equal(clients.match(/secret/g)?.length, 1);
    assert.deepEqual(others, [
      `User pool\n  http://localhost:${userPoolPort}  ${id}  ${name}\n${clients.trimEnd()}`,
      "Users\n  alice  password Alice-demo-1  in group admins\n  bob    password Bob-demo-1",
      `A token of alice\n  npm run -s token -- alice --user-pool-port ${userPoolPort} --program '${root}/examples/user-pool'`,
      "This program declares no WebSocket API stage, so there is nothing to connect to.",
    ]);
    const claims = JSON.parse(Buffer.from(stdout.split(".")[1] ?? "", "base64url").toString());
    assert.deepEqual(
      [claims.username, claims["cognito:groups"], claims.client_id, claims.iss.endsWith(`/${id}`)],
      ["alice", ["admins"], browser, true],
    );
    const { exitCode, stderr } = await run.ended;
    assert.deepEqual([exitCode, stderr], [0, ""]);
  });
});
