import { existsSync } from "node:fs";
import { localAccountId } from "../graph/partition.ts";
import { Journal } from "../page/journal.ts";
import { environmentNote } from "../program/environments.ts";
import { ProgramRunner } from "../program/program-runner.ts";
import { projectFolder } from "../program/project-file.ts";
import { runPrograms } from "../program/run-programs.ts";
import { readStackConfig, type StackConfig } from "../program/stack-config.ts";
import { reloadOnSave } from "../reload/reload-on-save.ts";
import { SourceWatcher } from "../reload/source-watcher.ts";
import { ConsoleReporter } from "../screen/console-reporter.ts";
import { errorText } from "../screen/error-text.ts";
import { instructions } from "../screen/instructions.ts";
import { resourceTree } from "../screen/resource-tree.ts";
import { type LocalStack, startLocalStack } from "../stack/local-stack.ts";
import { defaultPorts, defaultProgram, defaultStack } from "../this-program.ts";
import { closeOnSignal } from "./close-on-signal.ts";
import {
  configOption,
  configUsage,
  readNamedStack,
  readPort,
  runCommand,
  UsageError,
} from "./command-line.ts";
import { serveEngine } from "./engine-mode/serve-engine.ts";
import { reporting } from "./reporting.ts";

const usage = `npm start -- [options]

Runs the Pulumi program as Pulumi does and serves what it describes, without AWS.

  --port <n>             port of the API (default ${defaultPorts.api})
  --user-pool-port <n>   port of the user pool (default ${defaultPorts.userPool})
  --stack <name>         stack whose Pulumi.<name>.yaml is read (default ${defaultStack})
  --config <setting>     ${configUsage}
  --program <path>       folder of another Pulumi program (default: this one)
  --engine               serve no program, but an empty account that a Pulumi CLI can deploy into
  --engine-port <n>      port where the Pulumi CLI finds it (default ${defaultPorts.engine})
  --with <path>          folder of a Pulumi program to serve too, which may read the outputs of those before it; may be repeated
  --help                 this text`;

const options = {
  port: { type: "string" },
  "user-pool-port": { type: "string" },
  stack: { type: "string", default: defaultStack },
  config: configOption,
  program: { type: "string", default: defaultProgram },
  engine: { type: "boolean", default: false },
  "engine-port": { type: "string" },
  with: { type: "string", multiple: true, default: [] as string[] },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'\n\n${usage}`);
  const journal = new Journal();
  const reporter = new ConsoleReporter(console.log, journal.line);
  if (values.engine) return serveEngine(values, journal, reporter);
  if (values["engine-port"]) throw new UsageError("--engine-port is a port of --engine: give that too");
  const readConfig = () => readNamedStack(values);
  const runner = new ProgramRunner({
    account: { apiGatewayLogRoleArn: `arn:aws:iam::${localAccountId}:role/api-gateway-logs` },
    onLine: reporter.program,
  });
  // A key without a namespace is for the first program.
  const given = values.config.filter((setting) => /^[^=]*:/.test(setting));
  const others = () => values.with.map((path) => readStackConfig(path, values.stack, given));
  const prepare = () => {
    for (const stackConfig of readable(() => [readConfig(), ...others()])) runner.prepare(stackConfig);
  };
  prepare();
  const sources = new SourceWatcher(projectFolder(values.program), {
    onSaving: prepare,
    also: values.with.map(folderBeside),
    onError: (error) => reporter.warning(`saves may go unnoticed: ${errorText(error)}`),
  });
  const stack: LocalStack = await startLocalStack(readConfig, {
    runProgram: (stackConfig, hosts, onResource) =>
      runPrograms([stackConfig, ...others()], (each, readStack, signal) =>
        runner.run(each, { hosts, readStack, signal, onResource }),
      ),
    port: readPort("--port", values.port, defaultPorts.api),
    userPoolPort: readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool),
    ...reporting(journal, reporter, () => stack),
    onWarning: reporter.warning,
  });
  const closing = closeOnSignal([sources, runner, stack]);
  await sources.ready;
  const stackConfig = readConfig();
  const note = environmentNote(stackConfig);
  if (note !== undefined) reporter.warning(note);
  console.log(`${resourceTree(stack.graph)}\n\n${instructions(stack, stackConfig, values)}\n`);
  const onRun = () => {
    sources.watch(runner.sources);
    prepare();
  };
  reloadOnSave({ stack, sources, reporter, onRun, isClosing: () => closing.aborted });
  // For the first save, which may come at once.
  onRun();
});

/** Configurations of which one may be unreadable; the run says so. */
function readable(read: () => StackConfig[]): StackConfig[] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** The project's folder of `--with`, which must be there: above a misspelt one there is often another project. */
function folderBeside(path: string): string {
  if (!existsSync(path)) throw new UsageError(`--with ${path}: there is nothing`);
  return projectFolder(path);
}
