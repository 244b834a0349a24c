import { interleave } from "./interleave.ts";
import { LoadClients } from "./load-clients.ts";
import { LoadServer } from "./load-server.ts";
import { type ConnectionMemory, memoryPerConnection } from "./memory-per-connection.ts";
import { heading, note, ratioGoal, subject, table } from "./report.ts";
import { pick } from "./rounds.ts";

const bare = "bare ws";
const withoutFunctions = "this project, no function called to connect";
const wanted = 10_000;
const warmUp = 500;
const rounds = 3;
/** What a process has open beside its connections. */
const otherFiles = 500;

/** Memory of connections that are open and say nothing. */
export async function benchIdle(): Promise<void> {
  const count = Math.min(wanted, openFileLimit() - otherFiles);
  heading(
    "idle",
    `${count.toLocaleString("en-US")} idle connections, each with the identity that the authorizer gave it`,
  );
  if (count < wanted) note("no more, because of the limit for open files: ulimit -Hn");
  note("a new server process for each figure; both negotiate the same compression, which keeps no state");
  const memory = await interleave("idle connections", rounds, [
    { name: subject, run: () => measure("gateway", "guarded", count) },
    { name: bare, run: () => measure("bare", "guarded", count) },
    { name: withoutFunctions, run: () => measure("gateway", "open", count) },
  ]);
  const heap = pick(memory, ({ heapKb }) => heapKb);
  table("heap after garbage collection, per connection, kB", heap, 2);
  ratioGoal(heap, bare, 2);
  const rss = pick(memory, ({ rssKb }) => rssKb);
  table("resident memory that the process grew by, per connection, kB", rss, 2);
  ratioGoal(rss, bare, 2);
  note("that is also what the functions' threads grew by while they decided about so many connections,");
  note("so one more row is of a gateway whose $connect calls no function");
}

async function measure(
  server: "gateway" | "bare",
  connect: "guarded" | "open",
  count: number,
): Promise<ConnectionMemory> {
  const process = await LoadServer.start(connect);
  const clients = new LoadClients();
  try {
    await clients.open(server, process[server], warmUp);
    await clients.close(server);
    if (server === "gateway") await process.untilDisconnected(warmUp);
    const before = await process.memory();
    await clients.open(server, process[server], count);
    return memoryPerConnection(before, await process.memory(), count);
  } finally {
    await clients.stop();
    await process.stop();
  }
}

/** Node.js raises the soft limit to the hard one when it starts. Windows has none. */
function openFileLimit(): number {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files: { hard: string | number } };
  };
  const limit = Number(userLimits?.open_files.hard);
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}
