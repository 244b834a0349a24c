import type { ResourceChange } from "../graph/graph-changes.ts";
import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { type ProviderSettings, regional } from "../program/provider-accounts.ts";
import { unknownValue } from "../protocol/property-values.ts";
import type { EmulatedAccount } from "./emulated-account.ts";

export interface ProviderArgs {
  readonly account: EmulatedAccount;
  /** Serves the account as it is now; resolves when that is done. */
  readonly serve: () => Promise<unknown>;
  /** The folder that relative paths of a project's program start in. */
  readonly folderOf: (project: string) => string;
  /** Told of each change; a replacement is the creation of a resource whose predecessor is deleted later. */
  readonly onChange: (change: ResourceChange) => void;
  readonly onWarning: (text: string) => void;
}

/** The emulated AWS as one provider of a program sees it. */
export class ProviderContext {
  readonly args: ProviderArgs;
  readonly settings: ProviderSettings;

  constructor(args: ProviderArgs, settings: ProviderSettings) {
    this.args = args;
    this.settings = settings;
  }

  /** Where a resource of these inputs lives: in its own region, or the provider's. */
  accountOf({ region }: Properties): AwsAccount {
    const own = typeof region === "string" && region !== unknownValue ? region : undefined;
    return this.args.account.asItIs(regional(own, this.settings.account));
  }

  /** Serves what an operation has changed, and tells of it. */
  async changed(change: ResourceChange): Promise<void> {
    this.args.onChange(change);
    await this.args.serve();
  }
}
