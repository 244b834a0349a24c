import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { bundleOptions } from "../infra/bundle.ts";
import { Callers } from "../local/account/callers.ts";
import type { FunctionDefinition } from "../local/lambda/function-definition.ts";
import { functionDefinitions } from "../local/stack/function-definitions.ts";
import type { LocalStack } from "../local/stack/local-stack.ts";
import { startTestStack } from "../tests/test-stack.ts";
import { accessToken } from "../tests/token-factory.ts";
import { connectEvent } from "./connect-event.ts";
import { subject } from "./report.ts";

export interface BundledAuthorizer {
  readonly name: string;
  /** Path of its bundle, a CommonJS module that exports `handler`. */
  readonly path: string;
  readonly bytes: number;
}

/** The authorizer as the program deploys it, and others for the same pool, ready to decide about the same tokens. */
export interface BundledAuthorizers {
  readonly authorizers: readonly BundledAuthorizer[];
  /** What their processes get: the deployed function's variables, and where the pool's keys are served. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where all of it lies until it is closed. */
  readonly folder: string;
  /** File with a list of events, each with a good token of its own. */
  readonly eventsFile: string;
  /** What the authorizers get for a client with that token. */
  eventFor(token: string): object;
  close(): Promise<void>;
}

const tokenCount = 64;

/** @param peers name to show, and name of the file in peers/ */
export async function bundleAuthorizers(
  peers: Readonly<Record<string, string>>,
): Promise<BundledAuthorizers> {
  const stack = await startTestStack();
  const folder = mkdtempSync(join(os.tmpdir(), "bench-"));
  const deployed = deployedAuthorizer(stack);
  const write = (name: string, code: string): BundledAuthorizer => {
    const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.js`);
    writeFileSync(path, code);
    return { name, path, bytes: Buffer.byteLength(code) };
  };
  const [api] = stack.apis;
  if (!api) throw new Error("the program declares no API");
  const eventFor = (token: string) => connectEvent(api, token);
  const events = Array.from({ length: tokenCount }, () => eventFor(accessToken()));
  const eventsFile = join(folder, "events.json");
  writeFileSync(eventsFile, JSON.stringify(events));
  return {
    authorizers: [
      write(subject, String(deployed.files["index.js"])),
      ...Object.entries(peers).map(([name, file]) => write(name, bundlePeer(file))),
    ],
    environment: { ...process.env, ...deployed.environment, JWKS_URL: keysUrl(stack) },
    folder,
    eventsFile,
    eventFor,
    async close() {
      rmSync(folder, { recursive: true });
      await stack.close();
    },
  };
}

function deployedAuthorizer({ graph }: LocalStack): FunctionDefinition {
  const functions = functionDefinitions(graph, new Callers(graph));
  const authorizer = functions.find(({ logicalName }) => logicalName === "authorizer");
  if (!authorizer) throw new Error("the program declares no function authorizer");
  return authorizer;
}

function keysUrl({ userPool, userPoolPort }: LocalStack): string {
  return `http://127.0.0.1:${userPoolPort}/${userPool?.id}/.well-known/jwks.json`;
}

function bundlePeer(file: string): string {
  const { outputFiles } = buildSync({ ...bundleOptions, entryPoints: [`bench/peers/${file}.js`] });
  return outputFiles[0]?.text ?? "";
}
