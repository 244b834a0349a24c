import { parseArgs } from "node:util";
import { OperatorError } from "../operator-error.ts";
import { type NamedStack, readStackConfig, type StackConfig } from "../program/stack-config.ts";
import { errorText } from "../screen/error-text.ts";
import { defaultStack } from "../this-program.ts";

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** What `parseArgs` reads of these options. */
type CommandLine<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/**
 * Runs a command with what its command line says; `--help` prints its usage instead. An error is told on stderr, by its
 * message alone where that says all, and ends the process with 1.
 */
export async function runCommand<T extends Options>(
  usage: string,
  options: T,
  run: (commandLine: CommandLine<T>) => Promise<void>,
): Promise<void> {
  try {
    const commandLine = readCommandLine({ ...options, help: { type: "boolean" } }, usage);
    if ((commandLine.values as { help?: boolean }).help) console.log(usage);
    else await run(commandLine as CommandLine<T>);
  } catch (error) {
    console.error(errorText(error));
    process.exit(1);
  }
}

function readCommandLine<T extends Options>(options: T, usage: string): CommandLine<T> {
  try {
    return parseArgs({ options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". ")[0]}\n\n${usage}`);
  }
}

/** @throws {UsageError} for anything but a port number */
export function readPort(option: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new UsageError(
    `${option} is ${JSON.stringify(value)}, but must be a port from 0 to 65535 (0 takes a free one)`,
  );
}

/** The option with which every command that reads a stack takes values in place of those of the stack's file. */
export const configOption = { type: "string", multiple: true, default: [] as string[] } as const;

/** What a command's usage says of `configOption`. */
export const configUsage =
  "<key>=<value> in place of the stack's own value, like tokenUse=id or 'requiredGroups[0]=admins'; may be repeated";

/**
 * The configuration of the stack that the command line names.
 * @throws {UsageError} if a stack is asked for that has no file
 */
export function readNamedStack({ program, stack, config }: NamedStack): StackConfig {
  const stackConfig = readStackConfig(program, stack, config);
  if (stack !== defaultStack && !stackConfig.isConfigured)
    throw new UsageError(
      `there is no Pulumi.${stack}.yaml beside the program's Pulumi.yaml: copy one, or choose another --stack`,
    );
  return stackConfig;
}

/** A mistake on the command line: its message is all there is to say. */
export class UsageError extends OperatorError {}
