import { resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { operatorCredentials } from "./account/callers.ts";
import { localAccountId } from "./account/partition.ts";
import {
  defaultPorts,
  defaultProgram,
  defaultStack,
  readCommandLine,
  readNamedStack,
  readPort,
  UsageError,
} from "./command-line.ts";
import { ConsoleReporter } from "./console-reporter.ts";
import type { StackConfig } from "./engine/stack-config.ts";
import { type LocalStack, startLocalStack } from "./local-stack.ts";
import { OperatorError } from "./operator-error.ts";
import { paint } from "./paint.ts";
import { resourceTree } from "./resource-tree.ts";
import { demoUsers } from "./user-pool/demo-users.ts";

/** What has not ended this long after Ctrl-C is cut short. */
const closeLimitMs = 3000;

const usage = `npm start -- [options]

Runs the Pulumi program in memory and serves what it describes, without AWS.

  --port <n>             port of the API (default ${defaultPorts.api})
  --user-pool-port <n>   port of the user pool (default ${defaultPorts.userPool})
  --stack <name>         stack whose Pulumi.<name>.yaml is read (default ${defaultStack})
  --program <path>       folder of another Pulumi program (default: this one)
  --help                 this text`;

await main().catch((error) => {
  const expected = error instanceof OperatorError || RunError.isInstance(error);
  console.error(expected ? error.message : (error?.stack ?? error));
  process.exit(1);
});

async function main() {
  const { values, positionals } = readCommandLine(
    {
      port: { type: "string" },
      "user-pool-port": { type: "string" },
      stack: { type: "string", default: defaultStack },
      program: { type: "string", default: defaultProgram },
      help: { type: "boolean" },
    },
    usage,
  );
  if (values.help) {
    console.log(usage);
    return;
  }
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'\n\n${usage}`);
  const reporter = new ConsoleReporter();
  const stackConfig = readNamedStack(values);
  const stack = await startLocalStack(stackConfig, {
    port: readPort("--port", values.port, defaultPorts.api),
    userPoolPort: readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool),
    account: { apiGatewayLogRoleArn: `arn:aws:iam::${localAccountId}:role/api-gateway-logs` },
    observe: reporter.gateway,
    onLog: reporter.log,
    onAuthentication: reporter.authentication,
    onWarning: reporter.warning,
  });
  closeOnSignal(stack);
  console.log(
    `${resourceTree(stack.graph)}\n\n${instructions(stack, tokenCommand(stack, stackConfig, values))}\n`,
  );
}

/** The command that signs alice in, with the options that make it ask the pool of this run. */
function tokenCommand(
  { userPoolPort }: LocalStack,
  { project, config }: StackConfig,
  { stack, program }: { stack: string; program: string },
) {
  return [
    "npm run -s token -- alice",
    ...(config[`${project}:tokenUse`] === "id" ? ["--id"] : []),
    ...(userPoolPort === defaultPorts.userPool ? [] : [`--user-pool-port ${userPoolPort}`]),
    ...(stack === defaultStack ? [] : [`--stack ${stack}`]),
    ...(program === defaultProgram ? [] : [`--program '${resolve(program)}'`]),
  ].join(" ");
}

function instructions(
  { graph, apis, userPool, port, userPoolPort }: LocalStack,
  tokenCommand: string,
): string {
  const [first] = apis;
  if (!first) return "This program declares no WebSocket API stage, so there is nothing to connect to.";
  const url = `ws://localhost:${port}/${first.stageName}`;
  const section = (title: string, lines: string[]) =>
    `${paint("bold", title)}\n${lines.map((line) => `  ${line}`).join("\n")}`;
  const longestName = Math.max(...demoUsers.map(({ username }) => username.length));
  const users = demoUsers.map(
    ({ username, password, groups }) =>
      `${username.padEnd(longestName)}  password ${password}${groups.length > 0 ? `  in group ${groups.join(", ")}` : ""}`,
  );
  return [
    section(
      "API",
      apis.map(({ stageName }) => `ws://localhost:${port}/${stageName}`),
    ),
    ...(userPool
      ? [
          section("User pool", [
            `http://localhost:${userPoolPort}  ${userPool.id}`,
            ...userPool.clients.map(
              ({ clientId, clientSecret }) =>
                `client ${clientId}${clientSecret ? `  secret ${clientSecret}` : ""}`,
            ),
          ]),
          section("Users", users),
          section("Connect as alice, from another terminal", [
            `npx ${connectCommand(graph, url).replace("$TOKEN", `$(${tokenCommand})`)}`,
            `then send  {"action":"whoami"}`,
          ]),
        ]
      : [section("Connect", [`npx wscat -c '${url}'`])]),
    section('Push to a connection (its id is in its line "open")', [
      `echo hello | AWS_ACCESS_KEY_ID=${operatorCredentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${operatorCredentials.secretAccessKey} aws apigatewaymanagementapi post-to-connection \\`,
      `  --endpoint-url http://localhost:${port}/${first.stageName} --region ${graph.account.region} --data fileb:///dev/stdin --connection-id=ID`,
    ]),
    "Ctrl-C ends it.",
  ].join("\n\n");
}

/** The program's own line to connect with, if it has one, for the address that this machine serves. */
function connectCommand({ outputs }: LocalStack["graph"], url: string): string {
  const { connectCommand: command, url: remote } = outputs;
  return typeof command === "string"
    ? command.replace(remote, url)
    : `wscat -c '${url}' -H "Authorization: Bearer $TOKEN"`;
}

/** npm passes Ctrl-C on although the terminal has already sent it here, so a second signal means nothing. */
function closeOnSignal(stack: LocalStack) {
  let isClosing = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (isClosing) return;
      isClosing = true;
      const end = () => process.exit(0);
      setTimeout(end, closeLimitMs);
      void stack.close().finally(end);
    });
}
