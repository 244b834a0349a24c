import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { type ProviderSettings, providerSettings } from "../program/provider-accounts.ts";

/**
 * The settings of each provider that an engine has attached. The engine opens a connection for each provider of a
 * program, so that the caller's address tells them apart.
 */
export class ProviderConfigurations {
  readonly #base: AwsAccount;
  readonly #byCaller = new Map<string, ProviderSettings>();

  /** @param base the account and region of a provider that names none */
  constructor(base: AwsAccount) {
    this.#base = base;
  }

  /** @throws {OperatorError} for a region of no form that AWS has */
  set(caller: string, inputs: Properties): void {
    this.#byCaller.set(caller, providerSettings(inputs, this.#base));
  }

  of(caller: string): ProviderSettings {
    return this.#byCaller.get(caller) ?? { account: this.#base, defaultTags: {} };
  }
}
