import { OperatorError } from "../operator-error.ts";
import { isObject } from "./yaml-file.ts";

/** What can be known of Pulumi ESC environments without opening them. */
export interface Environments {
  /** Environments, and values of the stack's own definition, that only Pulumi ESC can evaluate. */
  readonly names: readonly string[];
  /** Literal settings of the stack's own definition, by key. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A stack that may take values from environments. */
interface WithEnvironments {
  readonly stack: string;
  readonly environments: readonly string[];
}

/**
 * Reads the member `environment` of a stack file: a list of names, or a definition that imports some, each a name or
 * a name with options, and that may have settings in `values.pulumiConfig`.
 */
export function readEnvironments(environment: unknown): Environments {
  const { imports, values } = isObject(environment) ? environment : { imports: environment };
  const names = Array.isArray(imports)
    ? imports.flatMap((item) => (isObject(item) ? Object.keys(item) : [String(item)]))
    : [];
  const settings =
    isObject(values) && isObject(values.pulumiConfig) ? Object.entries(values.pulumiConfig) : [];
  return {
    names: [
      ...names,
      ...settings.filter(([, value]) => !isLiteral(value)).map(([key]) => `values.pulumiConfig.${key}`),
    ],
    values: Object.fromEntries(settings.filter(([, value]) => isLiteral(value))),
  };
}

/** Whether the value calls no function, like `fn::secret`, and names no other value. */
function isLiteral(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("${");
  if (Array.isArray(value)) return value.every(isLiteral);
  return (
    !isObject(value) ||
    Object.entries(value).every(([key, member]) => !key.startsWith("fn::") && isLiteral(member))
  );
}

/** What to say of a stack whose environments local mode does not open; undefined for a stack without. */
export function environmentNote({ stack, environments }: WithEnvironments): string | undefined {
  if (environments.length === 0) return undefined;
  const names = new Intl.ListFormat("en").format(environments);
  return `the stack ${stack} takes values from Pulumi ESC (${names}), which local mode does not open: set these values in its stack file, or with --config <key>=<value>`;
}

/**
 * Runs a program. If it refuses its settings, the message says that values of Pulumi ESC are missing.
 * @throws what the program throws
 */
export async function namingEnvironments<T>(
  stackConfig: WithEnvironments,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const note = environmentNote(stackConfig);
    if (note === undefined || !(error instanceof OperatorError)) throw error;
    throw new OperatorError(`${error.message}\n${note}`);
  }
}
