import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type Context, describe, it } from "mocha";
import { awsCliVersion } from "../local/aws-cli.ts";
import type { ProgramRun } from "../local/program-run.ts";
import { ask, bearer, handshakeStatus, open } from "../test-stack.ts";
import { blocksOf, documentedCommands, projectRoot } from "./documented-commands.ts";
import { ProjectCopy } from "./project-copy.ts";
import { ranElsewhere, unrunnable } from "./unrun-commands.ts";

const whoami = '{"action":"whoami"}';
const shownConversation = `> ${whoami}`;
const connect =
  'npx wscat -c ws://localhost:3000/prod -H "Authorization: Bearer $(npm run -s token -- alice)"';
const signIn = "npm run -s token -- alice";
const routeFile = "export async function handler() {";
const routeLine = 'new Route("ping", { ...common, replies: true }),';
const expectedRouteLine = '{ name: "ping", routeKey: "ping", replies: true, hasSchema: false },';

/** A documented text in which … stands for anything, as a pattern. */
function withEllipses(text: string): RegExp {
  return new RegExp(
    text
      .split("…")
      .map((part) => RegExp.escape(part))
      .join(".*"),
  );
}

function blockOf(command: string): string {
  return (
    documentedCommands.find(({ text }) => text === command)?.block ?? assert.fail(`${command} is documented`)
  );
}

describe("the documented commands", () => {
  let project: ProjectCopy;
  let served: ProgramRun;
  let url: string;
  let token: string;
  before(async () => {
    project = await ProjectCopy.create();
    served = project.start("npm start -- --with examples/notifier", { limitMs: 300_000 });
    await served.printed("Ctrl-C ends it.\n");
    url = project.withPorts("ws://localhost:3000/prod");
    token = (await project.output(signIn)).trim();
  });
  after(() => project.remove());

  /** Connects with the documented line, and returns the first answer to `whoami`. */
  async function talk(): Promise<{ client: ProgramRun; answer: string }> {
    const client = project.start(connect);
    const opened = served.stdout.length;
    await served.printed('as "alice"', opened);
    client.type(whoami);
    const printed = await client.printed("connectionId");
    return { client, answer: /^.*(\{"action".+\})/m.exec(printed)?.[1] ?? assert.fail(printed) };
  }

  async function notify(command: string, placeholder: string): Promise<void> {
    const { client, answer } = await talk();
    const { connectionId } = JSON.parse(answer);
    const printed = await project.output(command.replace(placeholder, connectionId));
    assert.deepEqual(JSON.parse(printed), { delivered: true });
    await client.printed("hello");
    client.interrupt();
  }

  async function signInWithAwsCli(context: Context): Promise<void> {
    if (awsCliVersion === undefined) context.skip();
    const printed = await project.output(
      blockOf(
        'SECRET_HASH=$(printf %s alicelocalconfidentialclient | openssl dgst -sha256 -hmac "$SECRET" -binary | base64)',
      ),
    );
    const last = printed.trim().split("\n").at(-1) ?? "";
    assert.equal(await handshakeStatus(url, bearer(last)), 101);
  }

  /** With `aws` replaced by what prints the documents that it is given, and a stack `prod`, which a reader has made. */
  async function printPolicies(): Promise<void> {
    project.write("Pulumi.prod.yaml", project.read("Pulumi.dev.yaml"));
    const replacement = "aws() { printf '%s' \"${@: -1}\"; printf '\\n\\n'; }\n";
    const printed = await project.output(replacement + blockOf(policies));
    const documents = printed
      .trim()
      .split("\n\n")
      .map((text) => JSON.parse(text));
    assert.deepEqual(
      documents.map(({ Statement }) => Statement.some(({ Principal }: { Principal?: unknown }) => Principal)),
      [true, false, true, false],
    );
  }

  const policies =
    'policies() { npm run -s ci-policies -- "$1" --account 111122223333 --stack prod --repository owner/name; }';
  const signInBlock = [
    'pool() { AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --region us-east-1 --endpoint-url http://localhost:3001 cognito-idp "$@"; }',
    "pool initiate-auth --auth-flow USER_PASSWORD_AUTH --client-id localpublicclient --auth-parameters USERNAME=alice,PASSWORD=Alice-demo-1",
    "SECRET=$(pool describe-user-pool-client --user-pool-id us-east-1_LocalPool --client-id localconfidentialclient --query UserPoolClient.ClientSecret --output text)",
    'SECRET_HASH=$(printf %s alicelocalconfidentialclient | openssl dgst -sha256 -hmac "$SECRET" -binary | base64)',
    'pool admin-initiate-auth --auth-flow ADMIN_USER_PASSWORD_AUTH --user-pool-id us-east-1_LocalPool --client-id localconfidentialclient --auth-parameters "USERNAME=alice,PASSWORD=Alice-demo-1,SECRET_HASH=$SECRET_HASH" --query AuthenticationResult.AccessToken --output text',
  ];
  const policyBlock = [
    policies,
    'aws iam create-role --role-name websocket-preview --assume-role-policy-document "$(policies preview-trust)"',
    'aws iam put-role-policy --role-name websocket-preview --policy-name preview --policy-document "$(policies preview-policy)"',
    'aws iam create-role --role-name websocket-deploy --assume-role-policy-document "$(policies deploy-trust)"',
    'aws iam put-role-policy --role-name websocket-deploy --policy-name deploy --policy-document "$(policies deploy-policy)"',
  ];
  const readmeNotify = `npm run -s invoke -- notify '{"connectionId":"…","message":"hello"}'`;
  const exampleNotify = `npm run -s invoke -- notify '{"connectionId":"ID","message":"hello"}'`;
  const list = "npm run conformance -- --list";
  const frames = "npm run conformance -- --only frames";

  /** What is run here, each with the commands that it runs as they are written. */
  const runs: readonly (readonly [
    what: string,
    commands: readonly string[],
    run: (context: Context) => Promise<unknown>,
  ])[] = [
    [
      "serve the program, and talk to it as shown",
      ["npm start -- --with examples/notifier", connect, shownConversation],
      async () => {
        const { client, answer } = await talk();
        client.interrupt();
        const [, shown = ""] = /^< (.+)$/m.exec(blockOf(shownConversation)) ?? [];
        assert.match(answer, withEllipses(shown));
      },
    ],
    [
      "connect a browser",
      ['new WebSocket("ws://localhost:3000/prod", ["app.v1", `bearer.${token}`]);'],
      async () => {
        const [code = ""] = blocksOf("README.md", "## Run it").filter((block) => block.startsWith("new "));
        const seen = served.stdout.length;
        const socket: WebSocket = new Function("token", `return ${project.withPorts(code)}`)(token);
        await new Promise((resolve, reject) => {
          socket.onopen = resolve;
          socket.onerror = reject;
        });
        assert.equal(socket.protocol, "app.v1");
        // Else the next one that connects would take this line for its own.
        await served.printed('as "alice"', seen);
        socket.close();
      },
    ],
    ["push from another stack", [exampleNotify], () => notify(exampleNotify, "ID")],
    ["push, as README.md has it", [readmeNotify], () => notify(readmeNotify, "…")],
    ["sign in with the AWS CLI", signInBlock, signInWithAwsCli],
    ["print the roles' policies", [...policyBlock, "npm run ci-policies"], printPolicies],
    ["list options", ["npm start -- --help"], () => project.output("npm start -- --help")],
    [
      "invoke a function",
      ["npm run invoke"],
      async () => assert.match(await project.output("npm run -s invoke -- --help"), /^npm run -s invoke -- /),
    ],
    [
      "draw the program",
      ["npm run diagram"],
      async () => {
        const drawn = project.read("docs/architecture.svg");
        project.write("docs/architecture.svg", "");
        await project.output("npm run diagram");
        assert.equal(project.read("docs/architecture.svg"), drawn);
      },
    ],
    ["list the facts", [list], async () => assert.match(await project.output(list), /Unauthorized/)],
    [
      "prove facts of an endpoint",
      [frames],
      async () => {
        const variables = `export CONFORMANCE_URL=${url} CONFORMANCE_TOKEN=${token}\n`;
        assert.match(await project.output(variables + frames), /^ *[1-9]\d* passed +0 failed in /m);
      },
    ],
    [
      "add a route, which is served when it is saved",
      [routeFile, routeLine, expectedRouteLine],
      async () => {
        const [file = "", line = "", expected = "", ...more] = blocksOf("README.md", "## Add a route");
        assert.deepEqual(more, []);
        project.write("functions/ping.ts", `${file}\n`);
        const routes = project.read("tests/program/expected-routes.ts");
        project.write("tests/program/expected-routes.ts", routes.replace(/\];\n$/, `  ${expected}\n];\n`));
        const saved = served.stdout.length;
        project.edit("index.ts", "const actions = [\n", `const actions = [\n  ${line}\n`);
        await served.printed("deployed in", saved);
        const socket = await open(url, bearer(token));
        const { action, at } = JSON.parse(await ask(socket, '{"action":"ping"}'));
        socket.terminate();
        assert.equal(action, "ping");
        assert.ok(Math.abs(Date.now() - at) < 60_000);
      },
    ],
  ];

  it("are each run, or not for a reason, and no other is", () => {
    const known = [
      ...runs.flatMap(([, commands]) => commands),
      ...Object.keys(ranElsewhere),
      ...Object.values(unrunnable).flat(),
    ];
    assert.deepEqual([...new Set(documentedCommands.map(({ text }) => text))].sort(), known.sort());
  });

  it("are run where it is said that they are", () => {
    const missing = Object.entries(ranElsewhere).filter(
      ([, [path, text]]) => !readFileSync(join(projectRoot, path), "utf8").includes(text),
    );
    assert.deepEqual(missing, []);
  });

  for (const [what, , run] of runs)
    it(what, function () {
      return run(this.timeout(60_000));
    });
});
