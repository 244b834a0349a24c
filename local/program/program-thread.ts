import { parentPort } from "node:worker_threads";
import { RunError } from "@pulumi/pulumi";
// Most programs need it, and it takes long to load.
import "@pulumi/aws";
import type { Properties, ResourceGraph } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import type { ProgramAnswer, ProgramRequest } from "./program-message.ts";
import { runRedirected } from "./run-redirected.ts";

/** Waits for its one request, with all loaded that takes long, and runs that program. */
parentPort?.once("message", async ({ stackConfig, hosts, account }: ProgramRequest) => {
  parentPort?.postMessage(await answer(() => runRedirected(stackConfig, hosts, { account })));
});

async function answer(run: () => Promise<ResourceGraph>): Promise<ProgramAnswer> {
  try {
    const graph = await run();
    return { graph: { ...graph, outputs: plain(graph.outputs) } };
  } catch (error) {
    const isExpected = error instanceof OperatorError || RunError.isInstance(error);
    const { name, message, stack = message } = error instanceof Error ? error : new Error(String(error));
    return { failure: { name: isExpected ? nameOf(error) : name, message, stack, isExpected } };
  }
}

/** Outputs without those that are no data, like functions: nothing here reads them. */
function plain(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => isData(value)));
}

function isData(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function nameOf(error: object): string {
  return RunError.isInstance(error) ? "RunError" : error.constructor.name;
}
