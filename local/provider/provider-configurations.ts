import type { Properties } from "../graph/resource-graph.ts";

/** What an `aws.Provider`, or the stack's configuration, says of where resources go. */
export interface ProviderConfiguration {
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  /** What every resource that has tags gets. */
  readonly defaultTags: Readonly<Record<string, string>>;
}

const unconfigured: ProviderConfiguration = { region: undefined, accountId: undefined, defaultTags: {} };

/**
 * The configuration of each provider that an engine has attached. The engine opens a connection for each provider of a
 * program, so that the caller's address tells them apart.
 */
export class ProviderConfigurations {
  readonly #byCaller = new Map<string, ProviderConfiguration>();

  set(caller: string, inputs: Properties): void {
    this.#byCaller.set(caller, readConfiguration(inputs));
  }

  of(caller: string): ProviderConfiguration {
    return this.#byCaller.get(caller) ?? unconfigured;
  }
}

/**
 * The account is the only one of `allowedAccountIds`, or else that of the last role that is assumed.
 * @param inputs of the provider, whose lists and objects may be JSON
 */
export function readConfiguration(inputs: Properties): ProviderConfiguration {
  const { region, allowedAccountIds, assumeRoles, defaultTags } = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, parsed(value)]),
  );
  const [onlyAccount, ...otherAccounts] = Array.isArray(allowedAccountIds) ? allowedAccountIds : [];
  const lastRole = Array.isArray(assumeRoles) ? assumeRoles.at(-1)?.roleArn : undefined;
  const accountId = onlyAccount !== undefined && otherAccounts.length === 0 ? onlyAccount : undefined;
  return {
    region: typeof region === "string" && region !== "" ? region : undefined,
    accountId: accountId === undefined ? accountOf(lastRole) : String(accountId),
    defaultTags: defaultTags?.tags ?? {},
  };
}

function accountOf(roleArn: unknown): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(String(roleArn))?.[1];
}

// biome-ignore lint/suspicious/noExplicitAny: the provider's own inputs are data of every shape
function parsed(value: unknown): any {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
