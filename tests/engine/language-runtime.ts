import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
} from "@grpc/grpc-js";
import languageProtocol from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";

// The plugin that a Pulumi CLI starts for a program in Node. The released CLI brings its own, which is no Go
// module, so an engine that was built from source has none.

type ProgramInfo = InstanceType<typeof languageMessages.ProgramInfo>;
type RunRequest = InstanceType<typeof languageMessages.RunRequest>;
type RunResponse = InstanceType<typeof languageMessages.RunResponse>;
type RunPluginRequest = InstanceType<typeof languageMessages.RunPluginRequest>;
type RunPluginResponse = InstanceType<typeof languageMessages.RunPluginResponse>;

/** `runtime.options` of a Pulumi.yaml or a PulumiPolicy.yaml. */
interface RuntimeOptions {
  readonly nodeargs?: string;
  readonly tsconfig?: string;
  /** Whether Pulumi's runner compiles TypeScript: it does unless this is false. */
  readonly typescript?: boolean;
}

/** The exit code of a program whose error the engine has shown already. */
const errorShown = 32;

/** The engine gives it as the last argument. */
const engineAddress = process.argv.at(-1) ?? "";
const children = new Set<ChildProcess>();

const server = new Server({ "grpc.max_receive_message_length": -1 });
server.addService(languageProtocol.LanguageRuntimeService, {
  handshake: answer(() => new languageMessages.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new pluginMessages.PluginInfo().setVersion("1.0.0")),
  // No package requires a plugin: the tests attach their provider.
  getRequiredPackages: answer(() => new languageMessages.GetRequiredPackagesResponse()),
  getRequiredPlugins: answer(() => new languageMessages.GetRequiredPluginsResponse()),
  getProgramDependencies: answer(() => new languageMessages.GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: answer(() => new languageMessages.RuntimeOptionsResponse()),
  template: answer(() => new languageMessages.TemplateResponse()),
  about: answer(() =>
    new languageMessages.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  ),
  installDependencies: (stream: ServerWritableStream<unknown, unknown>) => stream.end(),
  run: (call: ServerUnaryCall<RunRequest, RunResponse>, callback: (error: null, ran: RunResponse) => void) =>
    runProgram(call.request).then((ran) => callback(null, ran)),
  runPlugin: runPolicyPack,
  cancel: answer(() => {
    for (const child of children) child.kill("SIGINT");
    return new emptyMessages.Empty();
  }),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});

// The engine keeps its end open as long as it lives.
process.stdin.on("end", () => process.exit()).resume();
process.on("exit", () => {
  for (const child of children) child.kill();
});

/** The runner is that of the program's own `@pulumi/pulumi`. What the program prints goes to the engine. */
async function runProgram(request: RunRequest): Promise<RunResponse> {
  const response = new languageMessages.RunResponse();
  try {
    const info = request.getInfo() ?? new languageMessages.ProgramInfo();
    const child = startNode([...nodeArguments(info), ...runnerArguments(info, request)], {
      env: {
        ...process.env,
        ...typescriptSettings(info),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code, signal] = await once(child, "exit");
    if (code === 0) return response;
    if (code === errorShown) return response.setBail(true);
    return response.setError(`Program exited with ${signal ?? `non-zero exit code: ${code}`}`);
  } catch (error) {
    return response.setError(String(error));
  }
}

function runnerArguments(info: ProgramInfo, request: RunRequest): string[] {
  const named = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    modulePath(info, "@pulumi/pulumi/cmd/run"),
    ...Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

/** A policy pack is the one kind of plugin that is run from its source here. */
async function runPolicyPack(
  stream: ServerWritableStream<RunPluginRequest, RunPluginResponse>,
): Promise<void> {
  try {
    const request = stream.request;
    const info = request.getInfo() ?? new languageMessages.ProgramInfo();
    if (request.getKind() !== "analyzer")
      throw new Error(`no plugin of kind ${request.getKind()} is run here`);
    const folder = info.getProgramDirectory();
    const variables = request
      .getEnvList()
      .map((one) => [one.split("=", 1)[0], one.slice(one.indexOf("=") + 1)]);
    const runner = modulePath(info, "@pulumi/pulumi/cmd/run-policy-pack");
    const child = startNode([...nodeArguments(info), runner, ...request.getArgsList(), folder], {
      cwd: folder,
      env: { ...Object.fromEntries(variables), ...typescriptSettings(info) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout?.on("data", (data) =>
      stream.write(new languageMessages.RunPluginResponse().setStdout(data)),
    );
    child.stderr?.on("data", (data) =>
      stream.write(new languageMessages.RunPluginResponse().setStderr(data)),
    );
    stream.on("cancelled", () => child.kill());
    const [code] = await once(child, "close");
    stream.write(new languageMessages.RunPluginResponse().setExitcode(code ?? 1));
    stream.end();
  } catch (error) {
    stream.emit("error", { details: String(error) });
  }
}

function startNode(nodeArguments: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, nodeArguments, options);
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

function optionsOf(info: ProgramInfo): RuntimeOptions {
  return info.getOptions()?.toJavaScript() ?? {};
}

/** Split as a shell splits words: quotes hold a word together. */
function nodeArguments(info: ProgramInfo): string[] {
  const words = optionsOf(info).nodeargs?.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

function typescriptSettings(info: ProgramInfo): Record<string, string> {
  const { tsconfig, typescript = true } = optionsOf(info);
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

function modulePath(info: ProgramInfo, name: string): string {
  return createRequire(join(info.getProgramDirectory(), "package.json")).resolve(name);
}

// biome-ignore lint/suspicious/noExplicitAny: each method of the protocol has its own pair of messages
function answer(make: () => unknown): handleUnaryCall<any, any> {
  return (_call, callback) => callback(null, make());
}
