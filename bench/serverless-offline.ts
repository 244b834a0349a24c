import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import net from "node:net";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Endpoint } from "./load-clients.ts";
import type { ServedFunction } from "./load-server.ts";

/** Its name among the contenders. */
export const serverlessOffline = "serverless-offline";

/** Where its packages are, which are installed for this comparison alone. */
export const serverlessOfflineFolder = fileURLToPath(new URL("serverless-offline/", import.meta.url));

/** ARN of the one route that the authorizer guards, as a good account would have it. */
const connectArn = "arn:aws:execute-api:us-east-1:000000000000:private/local/$connect";

/** Its events name the account `undefined`, which the authorizer refuses; nothing else stands between the two. */
const authorizerWrapper = `
const { handler } = require("./authorizer/index.js");
exports.authorizer = async (event) => {
  const { policyDocument, ...result } = await handler({ ...event, methodArn: process.env.CONNECT_ARN });
  const [statement] = policyDocument.Statement;
  return { ...result, policyDocument: { ...policyDocument, Statement: [{ ...statement, Resource: event.methodArn }] } };
};
`;

export interface ServerlessOffline {
  readonly endpoint: Endpoint;
  stop(): Promise<void>;
}

/** Serves the same bundles with serverless-offline as it comes: its defaults, but for the ports and the sponsor message. */
export async function startServerlessOffline(
  functions: readonly ServedFunction[],
  headers: Endpoint["headers"],
): Promise<ServerlessOffline> {
  const [websocketPort, lambdaPort] = await freePorts(2);
  const folder = writeService(functions);
  const logFile = join(folder, "log");
  const log = openSync(logFile, "w");
  const child = spawn(
    process.execPath,
    [
      join(folder, "node_modules/serverless/bin/serverless.js"),
      ...["offline", "start", "--noSponsor"],
      ...["--host", "127.0.0.1", "--websocketPort", `${websocketPort}`, "--lambdaPort", `${lambdaPort}`],
    ],
    { cwd: folder, stdio: ["ignore", log, log], env: { ...process.env, SLS_TELEMETRY_DISABLED: "1" } },
  );
  closeSync(log);
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "exit");
  while (!(await accepts(websocketPort)))
    if (child.exitCode !== null)
      throw new Error(`serverless-offline did not start:\n${readFileSync(logFile)}`);
  return {
    endpoint: { url: `ws://127.0.0.1:${websocketPort}`, headers },
    async stop() {
      kill();
      process.off("exit", kill);
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function writeService(functions: readonly ServedFunction[]): string {
  const folder = mkdtempSync(join(os.tmpdir(), "bench-offline-"));
  symlinkSync(join(serverlessOfflineFolder, "node_modules"), join(folder, "node_modules"), "junction");
  for (const { name, code } of functions) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "index.js"), code);
  }
  writeFileSync(join(folder, "authorizer.js"), authorizerWrapper);
  writeFileSync(join(folder, "serverless.json"), JSON.stringify(service(functions)));
  return folder;
}

function service(functions: readonly ServedFunction[]) {
  const environmentOf = (name: string) => functions.find((one) => one.name === name)?.environment;
  return {
    service: "bench",
    plugins: ["serverless-offline"],
    provider: { name: "aws", runtime: "nodejs24.x", region: "us-east-1" },
    functions: {
      authorizer: {
        handler: "authorizer.authorizer",
        environment: { ...environmentOf("authorizer"), CONNECT_ARN: connectArn },
      },
      connect: {
        handler: "connect/index.handler",
        events: [{ websocket: { route: "$connect", authorizer: { name: "authorizer" } } }],
      },
      sendmessage: {
        handler: "sendmessage/index.handler",
        events: [{ websocket: { route: "sendmessage", routeResponseSelectionExpression: "$default" } }],
      },
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** Looks after a moment, so that it can be asked again. */
async function accepts(port: number | undefined): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const socket = net.connect({ host: "127.0.0.1", port: port ?? 0 });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
