/**
 * Loaded with `node --import` before Pulumi's Node runner, in the process of a program: loads what most programs need,
 * then waits to be told to go, so that a save finds a process that is ready. The runner itself comes after.
 */
import { closeSync, writeSync } from "node:fs";
import { createRequire, enableCompileCache, registerHooks } from "node:module";
import { Socket } from "node:net";
import { join, sep } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { redirectOutboundNetwork } from "../sandbox/outbound-network.ts";
import { notingBundles } from "./noted-bundles.ts";
import { goDescriptor, type ProgramOrder, type ProgramReport, reportDescriptor } from "./program-order.ts";

enableCompileCache();
const require = createRequire(join(process.cwd(), "program.js"));
const isCompiled = process.env.PULUMI_NODEJS_TYPESCRIPT === "true";
const reported = new Set<string>();

endWithLocalMode();
report({ missing: prepare() });
startRunner();
const order = await goAhead();
process.env.PULUMI_CONFIG = JSON.stringify(order.config);
process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(order.secretKeys);
load("@pulumi/pulumi")?.runtime.setAllConfig(order.config, order.secretKeys);
redirectOutboundNetwork(order.hosts, { refuseOthers: false });
reportLoadedFiles();
reportBundledFiles();
report({ isReady: true });

/** Loads what takes long, from the program's folder. @returns whether a package is not there */
function prepare(): boolean {
  if (!isCompiled) leaveOutSourceMaps();
  const pulumi = load("@pulumi/pulumi");
  load("@pulumi/aws");
  if (isCompiled) load("typescript");
  // The first build starts a process.
  load("esbuild")?.buildSync({ stdin: { contents: "" }, write: false, logLevel: "silent" });
  return pulumi === undefined;
}

/**
 * Starts Pulumi's runner, which is this process's main module, before its time. It asks the monitor for its features
 * before it loads the program, and the monitor does not answer before there is a run.
 */
function startRunner(): void {
  load("@pulumi/pulumi/cmd/run");
}

/** The runner maps the frames of every error; where Node strips the types in place, they are right as they are. */
function leaveOutSourceMaps(): void {
  try {
    const fromPulumi = createRequire(require.resolve("@pulumi/pulumi"));
    replaceModule(fromPulumi, "source-map-support/register", {});
  } catch {
    // Without that package, nothing maps frames.
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the packages are the program's own, of whatever version
function load(name: string): any {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

/** Waits for the order, which is one line. The process ends where local mode does: its end closes the channel. */
function goAhead(): Promise<ProgramOrder> {
  const channel = new Socket({ fd: goDescriptor, readable: true, writable: false });
  channel.on("error", () => {});
  channel.on("close", () => process.exit(1));
  return new Promise((resolve) => {
    createInterface({ input: channel }).once("line", (line) => {
      // From here on, only the program keeps its process alive.
      channel.unref();
      resolve(JSON.parse(line));
    });
  });
}

/**
 * Without local mode nobody reads what the process writes. Pulumi would report each failed write as an error, by another
 * write, for ever.
 */
function endWithLocalMode(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
}

/** Reports each file that the program loads, packages aside, so that its saves are noticed. */
function reportLoadedFiles(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (resolved.url.startsWith("file:")) reportFile(fileURLToPath(resolved.url));
      return resolved;
    },
  });
  process.once("exit", () => closeSync(reportDescriptor));
}

/** Reports each file that the program bundles with its esbuild, packages aside. */
function reportBundledFiles(): void {
  const bundler = load("esbuild");
  if (bundler) replaceModule(require, "esbuild", notingBundles(bundler, reportFile));
}

/** What loads this module from now on gets these exports: ES modules too, which is why the module is a new one. */
function replaceModule(from: NodeJS.Require, name: string, exports: object): void {
  const path = from.resolve(name);
  const { Module } = require("node:module");
  from.cache[path] = Object.assign(new Module(path), { filename: path, loaded: true, exports });
}

function reportFile(path: string): void {
  if (path.includes(`${sep}node_modules${sep}`) || reported.has(path)) return;
  reported.add(path);
  report({ loaded: path });
}

function report(message: ProgramReport): void {
  writeSync(reportDescriptor, `${JSON.stringify(message)}\n`);
}
