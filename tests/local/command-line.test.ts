import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "mocha";
import { readPort, UsageError } from "../../local/commands/command-line.ts";
import type { PageConfig } from "../../local/page/page-config.ts";
import { withProject } from "../engine/temporary-project.ts";
import { unknownAction } from "../program/declared-routes.ts";
import { projectName } from "../project-name.ts";
import { ask, bearer, handshakeStatus, open } from "../test-stack.ts";
import { openDeaf } from "./deaf-client.ts";
import { type Ending, ProgramRun, start, token } from "./program-run.ts";

const whoami = '{"action":"whoami"}';
const freePorts = ["--port", "0", "--user-pool-port", "0"];

function claimsOf(jwt: string) {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
}

/** The one group that a pattern has in a text. */
function find(pattern: RegExp, text: string): string {
  return pattern.exec(text)?.[1] ?? assert.fail(`${pattern} is not in ${text}`);
}

describe("npm start", function () {
  this.timeout(60_000);
  let run: ProgramRun;
  let client: ProgramRun | undefined;
  let banner: string;
  let url: string;
  let userPoolPort: string;
  before(async () => {
    run = new ProgramRun("npm", ["start", "--", ...freePorts]);
    const printed = await run.printed("Ctrl-C ends it.\n");
    banner = printed.slice(printed.indexOf(`${projectName} (dev)\n`));
    url = find(/^ {2}(ws:.+)$/m, banner);
    userPoolPort = find(/^ {2}http:\/\/localhost:(\d+) /m, banner);
  });
  after(async () => {
    run.interrupt();
    client?.interrupt();
    await Promise.all([run.ended, client?.ended]);
  });

  it("prints the program's resources, where its parts are, and how to use them", () => {
    const [tree = "", ...instructions] = banner.split("\n\n");
    assert.equal(tree.split("\n", 1)[0], `${projectName} (dev)`);
    assert.match(tree, /^.+\n(( *│)* *[├└]─ [\w.]+ [\w-]+\n?)+$/);
    for (const line of [
      "├─ Route connect",
      "│  ├─ lambda.Permission connect",
      "├─ apigatewayv2.Stage websocket",
      "└─ iam.Policy manage-connections",
    ])
      assert.ok(tree.split("\n").includes(line), line);
    const page = url.replace("ws:", "http:").replace("/prod", "");
    const secret = find(/ secret (\w{51})$/m, banner);
    assert.deepEqual(instructions, [
      `API\n  ${url}`,
      `User pool\n  http://localhost:${userPoolPort}  us-east-1_LocalPool\n  client localpublicclient\n  client localconfidentialclient  secret ${secret}`,
      "Users\n  alice  password Alice-demo-1  in group admins\n  bob    password Bob-demo-1",
      `Connect as alice, from another terminal\n  npx wscat -c '${url}' -H "Authorization: Bearer $(npm run -s token -- alice --user-pool-port ${userPoolPort})"\n  then send  ${whoami}`,
      `Push to a connection (its id is in its line "open")\n  echo hello | AWS_ACCESS_KEY_ID=LOCALOPERATOR AWS_SECRET_ACCESS_KEY=local aws apigatewaymanagementapi post-to-connection \\\n    --endpoint-url ${url.replace("ws:", "http:")} --region us-east-1 --data fileb:///dev/stdin --connection-id=ID`,
      `Watch it, and try it\n  ${page}`,
      "Saving a file redeploys what it changes. Ctrl-C ends it.",
      "",
    ]);
  });

  it("serves the page that it names, which knows what is served", async () => {
    const page = find(/^Watch it, and try it\n {2}(.+)$/m, banner);
    assert.match(await (await fetch(page)).text(), /<h1 id="title">/);
    const { title, url: known } = (await (await fetch(new URL("page.json", page))).json()) as PageConfig;
    assert.deepEqual([title, known], [`${projectName}, in local mode`, url]);
    assert.match(await (await fetch(new URL("page.svg", page))).text(), /^<svg .+function whoami/s);
  });

  it("has tokens of its users printed, alone on a line", async () => {
    const [access, id] = await Promise.all([
      new ProgramRun("npm", ["run", "-s", "token", "--", "bob", "--user-pool-port", userPoolPort]).ended,
      token("alice", "--id", "--user-pool-port", userPoolPort).ended,
    ]);
    for (const { exitCode, stdout } of [access, id]) {
      assert.equal(exitCode, 0);
      assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    }
    const { token_use, username } = claimsOf(access.stdout);
    assert.deepEqual([token_use, username], ["access", "bob"]);
    const claims = claimsOf(id.stdout);
    assert.deepEqual([claims.token_use, claims["cognito:username"]], ["id", "alice"]);
  });

  it("says to a second one on its ports who has them, and to a token of another port that it is no pool", async () => {
    const port = find(/:(\d+)\//, url);
    const [second, astray] = await Promise.all([
      start("--port", port, "--user-pool-port", userPoolPort).ended,
      token("alice", "--user-pool-port", port).ended,
    ]);
    assert.deepEqual(
      [second.stderr, astray.stderr],
      [
        `port ${port} for the API and port ${userPoolPort} for the user pool are taken, by another npm start: end that one with Ctrl-C, or take free ports with npm start -- --port 0 --user-pool-port 0\n`,
        `what answers at http://127.0.0.1:${port} is no user pool of npm start: name its port with --user-pool-port\n`,
      ],
    );
  });

  it("signs nobody in for another stack's client, and says where the right line is", async () => {
    const files = {
      "Pulumi.yaml": "name: other\n",
      "Pulumi.dev.yaml": "config:\n  other:userPoolClientIds: [stranger]\n",
      "Pulumi.text.yaml": "config:\n  other:userPoolClientIds: abc\n",
    };
    const [stranger, unlisted, given] = await withProject(files, (folder) => {
      const options = ["--user-pool-port", userPoolPort, "--program", folder];
      return Promise.all([
        token("alice", ...options).ended,
        token("alice", ...options, "--stack", "text").ended,
        token("alice", ...options, "--config", "userPoolClientIds[0]=localpublicclient").ended,
      ]);
    });
    // Without a list, the first client that signs in by password does.
    for (const { stdout } of [given, unlisted]) assert.equal(claimsOf(stdout).client_id, "localpublicclient");
    assert.deepEqual(
      [stranger.exitCode, stranger.stderr],
      [
        1,
        `the user pool at http://127.0.0.1:${userPoolPort} refused: User pool client stranger does not exist. If npm start serves another stack or program, copy the line that it prints\n`,
      ],
    );
  });

  it("serves what it printed, tells each event in a line, and closes its connections when it is interrupted", async () => {
    const first = run.stdout.length;
    const line = find(/^ {2}(npx wscat .+)$/m, banner);
    client = new ProgramRun("bash", ["-c", `${line} -x '${whoami}' -w -1`]);
    assert.match(await client.printed("\n"), /^\{"action":"whoami","sub":".+","username":"alice",.+\}\n$/);
    await run.printed("←");

    assert.equal(await handshakeStatus(url, bearer("junk")), 401);
    const { stdout } = await token("bob", "--user-pool-port", userPoolPort).ended;
    const socket = await open(url, bearer(stdout.trim()));
    assert.match(await ask(socket, "{}"), /unknown action/);

    const closed = once(socket, "close");
    run.interrupt();
    const [code, reason] = await closed;
    assert.deepEqual([code, reason.toString()], [1001, "Going away"]);
    assert.equal((await client.ended).exitCode, 0);
    await run.ended;

    const told = run.stdout
      .slice(first)
      .replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "")
      .replaceAll(/ *\d+\.\d ms$/gm, "  n ms")
      .replaceAll(/ *\d+\.\d ms {2}\d+ of 256 MB/g, "  n ms  n of 256 MB")
      .replaceAll(/init \d+ ms$/gm, "init n ms")
      .trim()
      .split("\n");
    const [alice, refused, bob] = ["open", "401", "open"].map((what, i) => {
      const ids = told.flatMap((text) => /^(?:open|401) +(\S+)/.exec(text)?.[1] ?? []);
      assert.equal(ids.length, 3);
      return ids[i] ?? assert.fail(what);
    });
    const answerBytes = find(/whoami {2}(\d{3}) bytes/, run.stdout);
    const report = (name: string, more = "") => `report   ${name}  n ms  n of 256 MB${more}`;
    const cold = "  init n ms";
    const lines = [
      "sign-in  alice             InitiateAuth  success",
      `allow    ${alice}  allowed  n ms`,
      report("authorizer", cold),
      report("connect", cold),
      `open     ${alice}  as "alice"`,
      `→        ${alice}  whoami  19 bytes`,
      report("whoami", cold),
      `←        ${alice}  whoami  ${answerBytes} bytes  n ms`,
      `deny     ${refused}  malformed_token  n ms`,
      report("authorizer"),
      `401      ${refused}  the authorizer answered Unauthorized`,
      "sign-in  bob               InitiateAuth  success",
      `allow    ${bob}  allowed  n ms`,
      report("authorizer"),
      report("connect"),
      `open     ${bob}  as "bob"`,
      `→        ${bob}  $default  2 bytes`,
      report("default", cold),
      `←        ${bob}  $default  ${Buffer.byteLength(unknownAction)} bytes  n ms`,
    ];
    assert.deepEqual(told.slice(0, lines.length), lines);
    const disconnected = (id: string | undefined) =>
      `log      disconnect        {"event":"disconnected","connectionId":"${id}","disconnectStatusCode":1001}`;
    assert.deepEqual(
      told
        .slice(lines.length)
        .map((text) => text.replace(cold, ""))
        .sort(),
      [
        `close    ${alice}  1001  "Going away"`,
        `close    ${bob}  1001  "Going away"`,
        disconnected(alice),
        disconnected(bob),
        report("disconnect"),
        report("disconnect"),
      ].sort(),
    );
  });

  it("prints no escape codes into a pipe", () => assert.equal(run.stdout.includes("\u001b"), false));
});

describe("npm start of another program", function () {
  this.timeout(60_000);
  const program = fileURLToPath(new URL("../programs/open-chat", import.meta.url));
  let run: ProgramRun;
  before(() => {
    run = start(...freePorts, "--program", program);
  });
  after(async () => {
    run.interrupt();
    await run.ended;
  });

  it("serves it, and ends with 0 when it is interrupted, even twice", async () => {
    const banner = await run.printed("Ctrl-C ends it.\n");
    const url = find(/^ {2}(ws:.+)$/m, banner);
    const [tree = "", ...instructions] = banner.split("\n\n");
    assert.match(tree, /^open-chat \(dev\)$/m);
    assert.deepEqual(instructions.slice(0, 2), [`API\n  ${url}`, `Connect\n  npx wscat -c '${url}'`]);
    assert.match(url, /^ws:\/\/localhost:\d+\/live$/);
    const socket = await open(url);
    assert.equal(await ask(socket, '{"type":"dance"}'), "what is dance?");
    const deaf = await openDeaf(url);
    const told = once(deaf, "data");
    run.interrupt();
    await told;
    run.interrupt();
    const { exitCode, signal, stdout, stderr } = await run.ended;
    assert.deepEqual({ exitCode, signal, stderr }, { exitCode: 0, signal: null, stderr: "" });
    assert.equal(stdout.match(/^\S+ {2}close {4}\S{16} {2}1001 {2}"Going away"$/gm)?.length, 2);
  });
});

describe("a command that cannot be carried out", function () {
  this.timeout(60_000);
  const taken = createServer();
  let takenPort: string;
  before(async () => {
    await once(taken.listen(0, "127.0.0.1"), "listening");
    takenPort = String((taken.address() as AddressInfo).port);
  });
  after(() => taken.close());

  function refusal(stderr: string): Ending {
    return { exitCode: 1, signal: null, stdout: "", stderr: `${stderr}\n` };
  }

  it("names a port that is taken, and the option for another", async () => {
    const endings = await Promise.all([
      start("--port", takenPort, "--user-pool-port", "0").ended,
      start("--port", "0", "--user-pool-port", takenPort).ended,
    ]);
    assert.deepEqual(endings, [
      refusal(`port ${takenPort} for the API is taken: take free ports with npm start -- --port 0`),
      refusal(
        `port ${takenPort} for the user pool is taken: take free ports with npm start -- --user-pool-port 0`,
      ),
    ]);
  });

  it("names both ports if both are taken", async () => {
    const { stderr } = await start("--port", takenPort, "--user-pool-port", takenPort).ended;
    assert.equal(
      stderr,
      `port ${takenPort} for the API and port ${takenPort} for the user pool are taken: take free ports with npm start -- --port 0 --user-pool-port 0\n`,
    );
  });

  it("runs the program with the settings that are given", async () => {
    assert.deepEqual(
      await start(...freePorts, "--config", "tokenUse=never").ended,
      refusal(
        'settings in Pulumi.dev.yaml:\n  tokenUse is "never", but must be access or id: npx pulumi config set tokenUse access (in the file: tokenUse: access)',
      ),
    );
  });

  it("says that values of Pulumi ESC are missing, and warns of them where the program runs without", async () => {
    const files = {
      "Pulumi.yaml": "name: sample\nruntime: {name: nodejs, options: {typescript: false}}\n",
      "Pulumi.dev.yaml": "environment: [aws/dev]\nconfig: { aws:region: us-east-1 }\n",
      "package.json": '{"type":"module"}',
      "index.ts": 'import * as pulumi from "@pulumi/pulumi";\nnew pulumi.Config().require("size");\n',
    };
    const note =
      "the stack dev takes values from Pulumi ESC (aws/dev), which local mode does not open: set these values in its stack file, or with --config <key>=<value>";
    await withProject(files, async (folder) => {
      const options = [...freePorts, "--program", folder];
      const { stderr } = await start(...options).ended;
      assert.match(stderr, /^Missing required configuration variable 'sample:size'/);
      assert.ok(stderr.endsWith(`\n${note}\n`), stderr);
      const run = start(...options, "--config", "size=1");
      const printed = await run.printed("nothing to connect to");
      run.interrupt();
      await run.ended;
      assert.equal(printed.split(note).length, 2);
    });
  });

  it("gives the message alone for a folder without a program", async () => {
    const { stderr, exitCode } = await start("--program", "/").ended;
    assert.deepEqual({ stderr, exitCode }, { stderr: "no Pulumi.yaml in / or above it\n", exitCode: 1 });
  });

  it("says what is wrong with its options, and how it is used", async () => {
    const [help, unknown, argument, port] = await Promise.all(
      [["--help"], ["--prot", "1"], ["4000"], ["--port", "70000"]].map((args) => start(...args).ended),
    );
    const usage = help?.stdout.trimEnd();
    assert.ok(usage?.startsWith("npm start -- [options]\n"));
    assert.equal(help?.exitCode, 0);
    assert.deepEqual(
      [unknown, argument, port],
      [
        refusal(`Unknown option '--prot'\n\n${usage}`),
        refusal(`Unexpected argument '4000'\n\n${usage}`),
        refusal('--port is "70000", but must be a port from 0 to 65535 (0 takes a free one)'),
      ],
    );
  });

  it("names the demo users, or the server that does not answer", async () => {
    const closedPort = await new Promise<string>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(String(port)));
      });
    });
    const [help, stranger, unanswered, noStack] = await Promise.all(
      [["--help"], ["mallory"], ["alice", "--user-pool-port", closedPort], ["alice", "--stack", "typo"]].map(
        (args) => token(...args).ended,
      ),
    );
    const usage = help?.stdout.trimEnd();
    assert.ok(usage?.startsWith("npm run -s token -- <user> [options]\n"));
    assert.deepEqual(
      [stranger, unanswered, noStack],
      [
        refusal(`"mallory" is no demo user: name one of them, or give --password\n\n${usage}`),
        refusal(
          `no user pool answers at http://127.0.0.1:${closedPort}: run npm start in another terminal, or name its port with --user-pool-port`,
        ),
        refusal(
          "there is no Pulumi.typo.yaml beside the program's Pulumi.yaml: copy one, or choose another --stack",
        ),
      ],
    );
  });
});

describe("a port option", () => {
  it("is a whole number up to 65535, or its default", () => {
    assert.deepEqual(
      ["0", "1", "65535", undefined].map((value) => readPort("--port", value, 3000)),
      [0, 1, 65_535, 3000],
    );
  });

  for (const value of ["", "-1", "65536", "1.5", "1e3", "0x10", " 1", "port"])
    it(`is not ${JSON.stringify(value)}`, () => {
      const message = `--port is ${JSON.stringify(value)}, but must be a port from 0 to 65535 (0 takes a free one)`;
      assert.throws(() => readPort("--port", value, 3000), new UsageError(message));
    });
});
