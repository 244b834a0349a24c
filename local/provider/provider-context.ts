import { isDeepStrictEqual } from "node:util";
import type { ResourceChange } from "../graph/graph-changes.ts";
import type { AwsAccount, Properties, RecordedResource } from "../graph/resource-graph.ts";
import { type ProviderSettings, regional } from "../program/provider-accounts.ts";
import { unknownValue } from "../protocol/property-values.ts";
import type { EmulatedAccount, HeldResource, Identity } from "./emulated-account.ts";

export interface ProviderArgs {
  readonly account: EmulatedAccount;
  /** Serves the account as it is now; resolves when that is done. */
  readonly serve: () => Promise<unknown>;
  /** The folder that relative paths of a project's program start in. */
  readonly folderOf: (project: string) => string;
  /** Told of each change; a replacement is the creation of a resource whose predecessor is deleted later. */
  readonly onChange: (change: ResourceChange) => void;
  readonly onWarning: (text: string) => void;
  /** What the service of a resource has of it now: "gone", or undefined for a service that keeps nothing. */
  readonly readService?: (resource: RecordedResource) => ServiceState | "gone" | undefined;
}

/** A resource as its service has it. */
export interface ServiceState {
  readonly inputs: Properties;
  /** Outputs that are not the same as before. */
  readonly outputs?: Properties;
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

  /** A resource that exists. What its service has changed of it meanwhile is taken over. */
  async find(identity: Identity, account: AwsAccount): Promise<HeldResource | undefined> {
    const held = this.args.account.find(identity, account);
    const state = held && this.args.readService?.(held.resource);
    if (!held || state === undefined) return held;
    if (state === "gone") this.args.account.remove(held);
    else {
      const { inputs, outputs } = state;
      if (isDeepStrictEqual(inputs, held.resource.inputs) && !outputs) return held;
      const resource = {
        ...held.resource,
        inputs,
        outputs: { ...held.resource.outputs, ...inputs, ...outputs },
      };
      this.args.account.put({ ...held, resource });
    }
    await this.args.serve();
    return this.args.account.find(identity, account);
  }

  /** Serves what an operation has changed, and tells of it. */
  async changed(change: ResourceChange): Promise<void> {
    this.args.onChange(change);
    await this.args.serve();
  }
}
