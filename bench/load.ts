import { interleave } from "./interleave.ts";
import { LoadClients } from "./load-clients.ts";
import { LoadServer } from "./load-server.ts";
import { installPeerPackages } from "./peer-packages.ts";
import { heading, note, ratioGoal, subject, table } from "./report.ts";
import { pick, type Rounds } from "./rounds.ts";
import { serverlessOffline, startServerlessOffline } from "./serverless-offline.ts";

const bare = "bare ws, same functions";
const connections = 8;
/** Messages under way on each connection: one after another, and some at once. */
const depths = [1, 4];
/** Many short rounds: what else the machine does hits some of them, not the median. */
const rounds = 31;
const roundMs = 500;
const warmUpMs = 2000;

interface Load {
  readonly rate: number;
  readonly cpuMicroseconds: number;
}

/** Messages through the local gateway and its functions, beside the least that could answer them, and beside a peer. */
export async function benchLoad(): Promise<void> {
  installPeerPackages("bench/serverless-offline");
  heading("load", `messages that a function answers, over ${connections} connections`);
  note("the function is sendmessage, from the same bundle; each message differs, and each answer is checked");
  note("this project: throttles out of reach, messages checked against the model, nobody watching its log");
  note("bare ws: every message goes to the same worker threads as an equal event, and nothing is checked");
  note(
    "serverless-offline: its defaults, run by osls, its log in a file; one thread for each message under way",
  );
  const server = await LoadServer.start();
  const clients = new LoadClients();
  const offline = await startServerlessOffline(server.functions, server.gateway.headers);
  const endpoints = { [subject]: server.gateway, [bare]: server.bare, [serverlessOffline]: offline.endpoint };
  const names = Object.keys(endpoints);
  const exchange = async (name: string, depth: number, durationMs: number): Promise<Load> => {
    const cpuBefore = await server.cpu();
    const rate = await clients.exchange(name, depth, durationMs);
    return { rate, cpuMicroseconds: ((await server.cpu()) - cpuBefore) / ((rate * durationMs) / 1000) };
  };
  try {
    for (const [name, endpoint] of Object.entries(endpoints)) await clients.open(name, endpoint, connections);
    for (const depth of depths) {
      const contenders = names.map((name) => ({ name, run: () => exchange(name, depth, roundMs) }));
      const warmUp = names.map((name) => ({ name, run: () => exchange(name, depth, warmUpMs) }));
      await interleave(`load, depth ${depth}, warm-up`, 3, warmUp);
      show(depth, await interleave(`load, depth ${depth}`, rounds, contenders));
    }
  } finally {
    await Promise.all([clients.stop(), server.stop(), offline.stop()]);
  }
}

function show(depth: number, loads: Rounds<Load>): void {
  const rates = pick(loads, ({ rate }) => rate);
  table(`answers per second, ${depth} under way on each connection`, rates, 0, "higher");
  ratioGoal(rates, bare, 0.6, "higher");
  ratioGoal(rates, serverlessOffline, 3, "higher");
  const cpu = pick(loads, ({ cpuMicroseconds }) => cpuMicroseconds);
  const inProcess = new Map([...cpu].filter(([name]) => name !== serverlessOffline));
  table("µs of CPU per answer, all threads of the server", inProcess, 0);
}
