import { existsSync } from "node:fs";
import { closeOnSignal } from "./close-on-signal.ts";
import {
  defaultPorts,
  defaultProgram,
  defaultStack,
  readNamedStack,
  readPort,
  runCommand,
  UsageError,
} from "./command-line.ts";
import { ConsoleReporter } from "./console-reporter.ts";
import { serveEngine } from "./engine-mode/serve-engine.ts";
import { errorText } from "./error-text.ts";
import { localAccountId } from "./graph/partition.ts";
import { instructions } from "./instructions.ts";
import { type LocalStack, startLocalStack } from "./local-stack.ts";
import { Journal } from "./page/journal.ts";
import { ProgramRunner } from "./program/program-runner.ts";
import { runPrograms } from "./program/run-programs.ts";
import { projectFolder, readStackConfig } from "./program/stack-config.ts";
import { reloadOnSave } from "./reload/reload-on-save.ts";
import { SourceWatcher } from "./reload/source-watcher.ts";
import { reporting } from "./reporting.ts";
import { resourceTree } from "./resource-tree.ts";

const usage = `npm start -- [options]

Runs the Pulumi program in memory and serves what it describes, without AWS.

  --port <n>             port of the API (default ${defaultPorts.api})
  --user-pool-port <n>   port of the user pool (default ${defaultPorts.userPool})
  --stack <name>         stack whose Pulumi.<name>.yaml is read (default ${defaultStack})
  --program <path>       folder of another Pulumi program (default: this one)
  --engine               serve no program, but an empty account that a Pulumi CLI can deploy into
  --engine-port <n>      port where the Pulumi CLI finds it (default ${defaultPorts.engine})
  --with <path>          folder of a Pulumi program to serve too, which may read the outputs of those before it; may be repeated
  --help                 this text`;

const options = {
  port: { type: "string" },
  "user-pool-port": { type: "string" },
  stack: { type: "string", default: defaultStack },
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
    programCount: 1 + values.with.length,
  });
  runner.prepare();
  const sources = new SourceWatcher(projectFolder(values.program), {
    onSaving: () => runner.prepare(),
    also: values.with.map(folderBeside),
    onError: (error) => reporter.warning(`saves may go unnoticed: ${errorText(error)}`),
  });
  const stack: LocalStack = await startLocalStack(readConfig, {
    runProgram: (stackConfig, hosts) => {
      const others = values.with.map((path) => readStackConfig(path, values.stack));
      return runPrograms([stackConfig, ...others], (each) => runner.run(each, hosts));
    },
    port: readPort("--port", values.port, defaultPorts.api),
    userPoolPort: readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool),
    ...reporting(journal, reporter, () => stack),
    onWarning: reporter.warning,
  });
  const closing = closeOnSignal([sources, runner, stack]);
  await sources.ready;
  console.log(`${resourceTree(stack.graph)}\n\n${instructions(stack, readConfig(), values)}\n`);
  reloadOnSave({ stack, sources, runner, reporter, isClosing: () => closing.aborted });
  // For the first save, which may come at once.
  runner.prepare();
});

/** The project's folder of `--with`, which must be there: above a misspelt one there is often another project. */
function folderBeside(path: string): string {
  if (!existsSync(path)) throw new UsageError(`--with ${path}: there is nothing`);
  return projectFolder(path);
}
