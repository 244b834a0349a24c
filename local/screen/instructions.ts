import { resolve } from "node:path";
import { operatorCredentials } from "../account/callers.ts";
import { projectOf, resourcesOfType } from "../graph/resource-graph.ts";
import type { NamedStack, StackConfig } from "../program/stack-config.ts";
import type { LocalStack } from "../stack/local-stack.ts";
import { defaultPorts, defaultProgram, defaultStack, firstMessage } from "../this-program.ts";
import { demoUsers, demoUsersOf } from "../user-pool/demo-users.ts";
import type { UserPool } from "../user-pool/user-pool.ts";
import { paint } from "./paint.ts";

/** What to do next, for whoever has started it: where its parts are, and commands to paste. */
export function instructions(stack: LocalStack, stackConfig: StackConfig, options: NamedStack): string {
  const { graph, apis, userPool, port } = stack;
  const [first] = apis;
  const pools = userPoolSections(stack);
  if (!first)
    return [
      ...pools,
      ...(userPool
        ? [section(`A token of ${signerOf(userPool)}`, [tokenCommand(stack, stackConfig, options)])]
        : []),
      "This program declares no WebSocket API stage, so there is nothing to connect to.",
    ].join("\n\n");
  const url = `ws://localhost:${port}/${first.stageName}`;
  const invocations = resourcesOfType(graph, "aws:lambda/function:Function")
    .filter((resource) => projectOf(resource) !== graph.project)
    .map(({ name }) => invokeCommand(name, port, options));
  return [
    section(
      "API",
      apis.map(({ stageName }) => `ws://localhost:${port}/${stageName}`),
    ),
    ...(userPool
      ? [
          ...pools,
          section(`Connect as ${signerOf(userPool)}, from another terminal`, [
            `npx ${connectCommand(graph, url).replace("$TOKEN", `$(${tokenCommand(stack, stackConfig, options)})`)}`,
            `then send  ${firstMessage}`,
          ]),
        ]
      : [section("Connect", [`npx wscat -c '${url}'`])]),
    section('Push to a connection (its id is in its line "open")', [
      `echo hello | AWS_ACCESS_KEY_ID=${operatorCredentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${operatorCredentials.secretAccessKey} aws apigatewaymanagementapi post-to-connection \\`,
      `  --endpoint-url http://localhost:${port}/${first.stageName} --region ${graph.account.region} --data fileb:///dev/stdin --connection-id=ID`,
    ]),
    ...(invocations.length > 0 ? [section("Invoke a function of the other programs", invocations)] : []),
    section("Watch it, and try it", [`http://localhost:${port}`]),
    "Saving a file redeploys what it changes. Ctrl-C ends it.",
  ].join("\n\n");
}

/** A title with its lines. */
export function section(title: string, lines: readonly string[]): string {
  return `${paint("bold", title)}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Each user pool and its users. */
export function userPoolSections({ declaredPools, userPoolPort }: LocalStack): string[] {
  return [...declaredPools.pools].flatMap((pool) => [
    section("User pool", [
      [`http://localhost:${userPoolPort}`, pool.id, pool.settings.name].filter(Boolean).join("  "),
      ...pool.clients.map(
        ({ clientId, clientSecret }) => `client ${clientId}${clientSecret ? `  secret ${clientSecret}` : ""}`,
      ),
    ]),
    ...(pool.users.length > 0 ? [section("Users", userLines(pool))] : []),
  ]);
}

/** The password of a user whom the program declares may be a secret, so it is not shown. */
function userLines(pool: UserPool): string[] {
  const demo = demoUsersOf(pool);
  const longestName = Math.max(...pool.users.map(({ username }) => username.length));
  return pool.users.map(({ username, status, groups }) => {
    const password = demo.find((user) => user.username === username)?.password;
    return [
      username.padEnd(longestName),
      password === undefined ? status : `password ${password}`,
      ...(groups.size > 0 ? [`in group ${[...groups].join(", ")}`] : []),
    ].join("  ");
  });
}

/** Who signs in where the screen shows how. */
export function signerOf(pool: UserPool): string {
  const [user = pool.users[0]] = demoUsersOf(pool);
  return user?.username ?? "alice";
}

/** The program's own line to connect with, if it has one, for the address that this machine serves. */
function connectCommand({ outputs, secretOutputs = [] }: LocalStack["graph"], url: string): string {
  const { connectCommand: command, url: remote } = outputs;
  return typeof command === "string" && !secretOutputs.includes("connectCommand")
    ? command.replace(remote, url)
    : `wscat -c '${url}' -H "Authorization: Bearer $TOKEN"`;
}

/** The command that signs a user in, with the options that make it ask the pool of this run. */
export function tokenCommand(
  { userPool, userPoolPort }: LocalStack,
  { project, config }: StackConfig,
  options: NamedStack,
): string {
  const signer = userPool ? signerOf(userPool) : "alice";
  const isDemo = demoUsers.some(({ username }) => username === signer);
  return [
    `npm run -s token -- ${isDemo ? signer : `'${signer.replaceAll("'", "'\\''")}' --password PASSWORD`}`,
    ...(config[`${project}:tokenUse`] === "id" ? ["--id"] : []),
    ...(userPoolPort === defaultPorts.userPool ? [] : [`--user-pool-port ${userPoolPort}`]),
    ...optionsOf(options, `(${project}:)?userPoolClientIds`),
  ].join(" ");
}

function invokeCommand(functionName: string, port: number, options: NamedStack): string {
  return [
    `npm run -s invoke -- ${functionName} '{}'`,
    ...(port === defaultPorts.api ? [] : [`--port ${port}`]),
    ...optionsOf(options, "aws:region"),
  ].join(" ");
}

/** What another command, which needs the settings of these keys, must be told to mean the same program. */
function optionsOf({ stack, program, config }: NamedStack, keys: string): string[] {
  const settings = config.filter((setting) => new RegExp(`^${keys}\\b`).test(setting));
  return [
    ...settings.map((setting) => `--config '${setting.replaceAll("'", "'\\''")}'`),
    ...(stack === defaultStack ? [] : [`--stack ${stack}`]),
    ...(program === defaultProgram ? [] : [`--program '${resolve(program)}'`]),
  ];
}
