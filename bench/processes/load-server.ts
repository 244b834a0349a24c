// node load-server.ts <guarded|open>: this project's local gateway and a bare ws server in one process, which call the same functions
import { setImmediate } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { Callers } from "../../local/account/callers.ts";
import { messageEvent } from "../../local/gateway/events.ts";
import { perMessageDeflate } from "../../local/gateway/per-message-deflate.ts";
import { functionDefinitions } from "../../local/stack/function-definitions.ts";
import type { RequestedResource } from "../../tests/altered-graph.ts";
import { startTestStack, type TestStack } from "../../tests/test-stack.ts";
import { accessToken } from "../../tests/token-factory.ts";
import type { MemoryUse, ServerAddresses, ServerRequest } from "../load-server.ts";

/** More than this machine can do: the most that the settings take, and what an account never has. */
const unlimited = "100000";
const unlimitedRate = 1e9;
const collectGarbage = globalThis.gc;
let disconnects = 0;
const stack = await startTestStack({
  settings: {
    throttlingRateLimit: unlimited,
    throttlingBurstLimit: unlimited,
    connectThrottlingRateLimit: unlimited,
    connectThrottlingBurstLimit: unlimited,
  },
  ...(process.argv[2] === "open" && { alter: openConnect }),
  limits: {
    connectRateLimit: unlimitedRate,
    connectBurstLimit: unlimitedRate,
    requestRateLimit: unlimitedRate,
    requestBurstLimit: unlimitedRate,
  },
  observe: () => {},
  onLog: ({ logicalName, stream }) => {
    if (logicalName === "disconnect" && stream === "platform") disconnects += 1;
  },
});

process.on("message", async (request: ServerRequest) => process.send?.(await answer(request)));
process.once("disconnect", () => void stack.close().finally(() => process.exit()));
process.send?.({
  gatewayUrl: stack.url,
  bareUrl: await serveBare(stack),
  token: accessToken(),
  functions: functionDefinitions(stack.graph, new Callers(stack.graph)).map(
    ({ logicalName, files, environment }) => ({
      name: logicalName,
      code: String(files["index.js"]),
      environment,
    }),
  ),
} satisfies ServerAddresses);

async function answer(request: ServerRequest): Promise<unknown> {
  if (request === "cpu") {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
  return request === "disconnects" ? disconnects : memoryUse();
}

/** `$connect` without an authorizer and without a function. */
function openConnect(resource: RequestedResource): RequestedResource {
  const { authorizerId, target, ...inputs } = resource.inputs;
  return inputs.routeKey === "$connect"
    ? { ...resource, inputs: { ...inputs, authorizationType: "NONE" } }
    : resource;
}

async function memoryUse(): Promise<MemoryUse> {
  if (!collectGarbage) throw new Error("run this with --expose-gc");
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await setImmediate();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed + external };
}

/** As little as answers messages: each goes to the function as an event like the gateway's, and its body comes back. */
async function serveBare({ apis: [api], lambda, graph }: TestStack): Promise<string> {
  const echo = graph.resources.find(
    ({ type, name }) => type === "aws:lambda/function:Function" && name === "sendmessage",
  );
  if (!api || !echo) throw new Error("the program declares no API, or no function sendmessage");
  const event = messageEvent(
    {
      api,
      handshake: {
        connectionId: "TXzPWdnOjoECGjA=",
        connectedAt: Date.now(),
        sourceIp: "127.0.0.1",
        userAgent: undefined,
      },
      identity: { username: "alice" },
    },
    "sendmessage",
    "",
  );
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    perMessageDeflate,
    clientTracking: false,
  });
  server.on("connection", (socket) => {
    socket.on("message", async (data) => {
      const result = await lambda.invoke(echo.outputs.arn, { ...event, body: data.toString() });
      if (result.ok) socket.send((result.payload as { body: string }).body);
      else socket.terminate();
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
}
