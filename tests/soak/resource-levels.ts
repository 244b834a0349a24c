import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import v8 from "node:v8";
import vm from "node:vm";
import { WebSocket } from "ws";
import { Connection } from "../../local/gateway/connection.ts";
import { DeployedFunction } from "../../local/lambda/deployed-function.ts";
import { ExecutionEnvironment } from "../../local/lambda/execution-environment.ts";

v8.setFlagsFromString("--expose-gc");
const collectGarbage: () => void = vm.runInNewContext("gc");

/** What is there when the garbage is gone. */
export interface ResourceLevels {
  readonly heapMb: number;
  readonly connections: number;
  readonly webSockets: number;
  readonly sockets: number;
  readonly environments: number;
  readonly functions: number;
  /** Handles and timers that keep the process alive, by type. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Before the start, when the first clients had gone, when all had, and after the end. */
export type LevelsInTime = Readonly<Record<"start" | "warm" | "quiet" | "end", ResourceLevels>>;

/** Compiled code, and what a process learns in its life. */
const heapGrowthMb = 5;
/** Far fewer than connections, and more than a busy machine makes of them. */
const threadLimit = 60;

/** What was kept of those who have gone. */
export function levelViolations({ start, warm, quiet, end }: LevelsInTime): string[] {
  const held = (what: "connections" | "webSockets" | "environments", levels: ResourceLevels, when: string) =>
    levels[what] > 0 ? [`${levels[what]} ${what} are held ${when}`] : [];
  return [
    ...held("connections", quiet, "without a client"),
    ...held("webSockets", quiet, "without a client"),
    ...held("connections", end, "after the end"),
    ...held("environments", end, "after the end"),
    ...grown("heapMb", warm, quiet, heapGrowthMb),
    ...grown("functions", warm, quiet, 0),
    ...grown("environments", { ...warm, environments: 0 }, quiet, threadLimit),
    ...grown("sockets", start, quiet, 0),
    ...Object.entries(end.resources)
      .filter(([type, count]) => count > (start.resources[type] ?? 0))
      .map(
        ([type, count]) => `${count} of ${type} after the end, ${start.resources[type] ?? 0} at the start`,
      ),
    ...Object.entries(quiet.resources)
      .filter(([type, count]) => type === "Timeout" && count > (warm.resources[type] ?? 0))
      .map(([type, count]) => `${count} of ${type} without a client, ${warm.resources[type] ?? 0} earlier`),
  ];
}

function grown(
  what: Exclude<keyof ResourceLevels, "resources">,
  from: ResourceLevels,
  to: ResourceLevels,
  allowed: number,
): string[] {
  return to[what] > from[what] + allowed ? [`${what} grew from ${from[what]} to ${to[what]}`] : [];
}

/** Whether this process has a TCP connection. */
export function hasSockets(): boolean {
  return process.getActiveResourcesInfo().includes("TCPSocketWrap");
}

export async function resourceLevels(): Promise<ResourceLevels> {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await delay(20);
  }
  const resources = Object.entries(Object.groupBy(process.getActiveResourcesInfo(), (type) => type));
  return {
    heapMb: Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10,
    connections: countOf(Connection),
    webSockets: countOf(WebSocket),
    sockets: countOf(Socket),
    environments: countOf(ExecutionEnvironment),
    functions: countOf(DeployedFunction),
    resources: Object.fromEntries(resources.map(([type, list = []]) => [type, list.length])),
  };
}

/** Objects of a class that something still holds. Node warns that this is an experiment, which nobody needs to read. */
function countOf(type: abstract new (...args: never[]) => unknown): number {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return v8.queryObjects(type, { format: "count" });
  } finally {
    process.emitWarning = emitWarning;
  }
}
