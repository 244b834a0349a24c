import { stripVTControlCharacters } from "node:util";
import type { Context } from "mocha";
import { engineEnvironment } from "../../local/commands/engine-mode/engine-instructions.ts";
import { type EngineMode, startEngineMode } from "../../local/commands/engine-mode/engine-mode.ts";
import { ConsoleReporter } from "../../local/screen/console-reporter.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { skipWithout } from "../skip-without.ts";
import { testStackConfig } from "../test-stack.ts";
import { clientId, otherClientId, signingKeys, userPoolId } from "../token-factory.ts";
import { PulumiBackend } from "./pulumi-backend.ts";
import { findPulumiCli, pulumiCliAbsence } from "./pulumi-cli.ts";

/** An empty account as `npm start -- --engine` serves it, and a Pulumi CLI that was told what that prints. */
export class ServedEngine {
  readonly mode: EngineMode;
  readonly backend: PulumiBackend;
  /** What the screen shows, without colours and times. */
  readonly lines: readonly string[];

  private constructor(mode: EngineMode, backend: PulumiBackend, lines: readonly string[]) {
    this.mode = mode;
    this.backend = backend;
    this.lines = lines;
  }

  /** Skips the suite where there is no CLI. */
  static async start(context: Context): Promise<ServedEngine> {
    const cli = skipWithout(context, findPulumiCli(), pulumiCliAbsence);
    const lines: string[] = [];
    const mode = await startEngineMode(testStackConfig(), {
      port: 0,
      userPoolPort: 0,
      enginePort: 0,
      userPool: new UserPool({
        userPoolId,
        clients: [{ clientId }, { clientId: otherClientId, clientSecret: "a secret of the tests" }],
        users: [],
        signingKeys,
      }),
      reporter: new ConsoleReporter((line) => lines.push(stripVTControlCharacters(line).slice(10))),
      quietMs: 0,
    });
    return new ServedEngine(mode, new PulumiBackend({ cli, environment: engineEnvironment(mode) }), lines);
  }

  /** Types and names of what is in the account. */
  get resources(): string[] {
    return this.mode.stack.graph.resources.map(({ type, name }) => `${type.slice(4)} ${name}`);
  }

  /** Where clients connect to a stage. */
  url(stageName: string): string {
    return `ws://127.0.0.1:${this.mode.stack.port}/${stageName}`;
  }

  async close(): Promise<void> {
    this.backend.remove();
    await this.mode.close();
  }
}
