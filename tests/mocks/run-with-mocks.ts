import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../../local/graph/account-of.ts";
import type {
  AwsAccount,
  Properties,
  RecordedResource,
  ResourceGraph,
} from "../../local/graph/resource-graph.ts";
import type { StackConfig } from "../../local/program/stack-config.ts";
import { stackWarnings } from "../../local/program/stack-warnings.ts";
import { replaceProperty } from "../../local/sandbox/property-replacement.ts";
import type { Alter } from "../altered-graph.ts";
import { type MockMonitor, ResourceRecorder } from "./resource-recorder.ts";

export interface MockOptions {
  /** Changes a resource before AWS sees it, or drops it by returning undefined. */
  readonly alter?: Alter;
  readonly account?: Partial<AwsAccount>;
  /** What the own stack was when it was deployed last. */
  readonly former?: Pick<ResourceGraph, "resources">;
  /** Full keys of settings that are secret. */
  readonly secretKeys?: readonly string[];
  /** Outputs of the stacks that the program may read, by `project/stack`. */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
}

let runs = 0;

/** The option deleteBeforeReplace of resources that programs have declared. */
const optionsOf = new WeakMap<RecordedResource, boolean>();

/** Whether the program says of a resource that it is deleted before it is replaced; undefined where it says nothing. */
export function deletesFirst(resource: RecordedResource): boolean | undefined {
  return optionsOf.get(resource);
}

/**
 * Runs a Pulumi program in this process under Pulumi's mocks, against an emulated AWS account, and returns what it
 * declared. One run at a time: Pulumi keeps its state in globals.
 * @throws what the program throws, or what AWS would answer to a resource that it refuses
 */
export async function runWithMocks(
  stackConfig: StackConfig,
  options: MockOptions = {},
): Promise<ResourceGraph> {
  const { project, stack, config, workingDirectory: folder } = stackConfig;
  const account = accountOf(config, options.account);
  const recorder = new ResourceRecorder({ ...options, project, stack, account, folder });
  const unhandled = captureUnhandledRejections();
  const heard = withoutLog();
  try {
    await pulumi.runtime.setMocks(
      { newResource: (args) => recorder.create(args), call: (args) => recorder.call(args) },
      project,
      stack,
      false,
      "organization",
    );
    recorder.observe(pulumi.runtime.getMonitor() as unknown as MockMonitor);
    pulumi.runtime.setAllConfig({ ...config }, [...(options.secretKeys ?? [])]);
    const outputs = await Promise.race([
      unhandled.failure,
      evaluate(entryOf(stackConfig), unhandled.failure),
    ]);
    await Promise.race([unhandled.failure, settle(recorder)]);
    const { resources } = recorder;
    for (const resource of resources) {
      const option = recorder.deletesFirst.get(resource.urn);
      if (option !== undefined) optionsOf.set(resource, option);
    }
    return { project, stack, account, resources, outputs, warnings: stackWarnings({ account, resources }) };
  } catch (error) {
    const cause = recorder.refusal ?? error;
    // A refused resource fails what depends on it too: here the rest of these errors are caught.
    await setImmediate();
    throw cause;
  } finally {
    unhandled.stop();
    heard();
  }
}

/** Keeps what the program logs through Pulumi off the screen. The function it returns takes that back. */
function withoutLog(): () => void {
  const { warn } = console;
  return replaceProperty(console, "warn", (...texts: unknown[]) => {
    if (!String(texts[0]).startsWith("warning: [runtime]")) warn(...texts);
  });
}

/** Absolute path of the program's entry: a project of these tests names it in `main`, or has an index.ts. */
function entryOf({ workingDirectory, main }: StackConfig): string {
  return join(workingDirectory, main === "." ? "index.ts" : main);
}

/** Runs the program's entry, and returns its outputs once all have values; a failure ends the wait. */
async function evaluate(programPath: string, failure: Promise<never>): Promise<Properties> {
  // A query makes Node run the entry again; the modules it imports keep no state.
  const entry = await import(`${pathToFileURL(programPath).href}?run=${runs++}`);
  // What Node names "module.exports" is there for CommonJS only, as the whole of it.
  const exported = entry["module.exports"] ?? entry;
  const { default: main = exported, ...named } = exported;
  const outputs = typeof main === "function" ? await main() : { ...main, ...named };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("an output of the program never got a value")), 10_000);
    failure.catch(() => clearTimeout(timer));
    pulumi.output(outputs).apply((values) => {
      clearTimeout(timer);
      resolve(values as Properties);
    });
  });
}

/** Waits until the program registers no more: what waits for a resource may register others. */
async function settle(recorder: ResourceRecorder): Promise<void> {
  let requestCount: number;
  do {
    requestCount = recorder.requestCount;
    await pulumi.runtime.disconnect();
    // All that these resources release, rejections included, has run when this turn of the event loop is over.
    await setImmediate();
  } while (recorder.requestCount > requestCount);
}

/** Pulumi reports a failed resource as a rejection that nobody handles; during a run they are this program's errors. */
function captureUnhandledRejections() {
  const others = process.listeners("unhandledRejection");
  const { promise: failure, reject } = Promise.withResolvers<never>();
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", reject);
  return {
    /** Rejects with the first of them. */
    failure,
    stop() {
      process.off("unhandledRejection", reject);
      for (const listener of others) process.on("unhandledRejection", listener);
    },
  };
}
