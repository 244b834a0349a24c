import type { Operation } from "../graph/graph-changes.ts";
import type { AwsAccount, Properties, RecordedResource } from "../graph/resource-graph.ts";
import { unknownValue } from "../protocol/property-values.ts";
import type { EmulatedAccount } from "./emulated-account.ts";
import type { ProviderConfiguration } from "./provider-configurations.ts";

/** What an operation changed. */
export interface AccountChange {
  /** `replace` is the creation of a resource that replaces one, which is deleted later. */
  readonly operation: Operation;
  readonly resource: RecordedResource;
  /** Paths of the properties that an update changes: never a value. */
  readonly properties: readonly string[];
}

export interface ProviderArgs {
  readonly account: EmulatedAccount;
  /** Serves the account as it is now; resolves when that is done. */
  readonly serve: () => Promise<unknown>;
  /** The folder that relative paths of a project's program start in. */
  readonly folderOf: (project: string) => string;
  readonly onChange: (change: AccountChange) => void;
  readonly onWarning: (text: string) => void;
}

/** The emulated AWS as one provider of a program sees it. */
export class ProviderContext {
  readonly args: ProviderArgs;
  readonly configuration: ProviderConfiguration;

  constructor(args: ProviderArgs, configuration: ProviderConfiguration) {
    this.args = args;
    this.configuration = configuration;
  }

  /** Where a resource of these inputs lives: in its own region, or the provider's. */
  accountOf({ region }: Properties): AwsAccount {
    const own = typeof region === "string" && region !== unknownValue ? region : this.configuration.region;
    return this.args.account.accountIn(own, this.configuration.accountId);
  }

  /** Serves what an operation has changed, and tells of it. */
  async changed(change: AccountChange): Promise<void> {
    this.args.onChange(change);
    await this.args.serve();
  }
}
