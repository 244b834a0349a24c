import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import providerProtocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineEnvironment } from "../../local/commands/engine-mode/engine-instructions.ts";
import { type EngineMode, startEngineMode } from "../../local/commands/engine-mode/engine-mode.ts";
import { type GrpcServer, startGrpcServer } from "../../local/protocol/grpc-server.ts";
import { providerService } from "../../local/provider/provider.ts";
import { ConsoleReporter } from "../../local/screen/console-reporter.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { PulumiBackend } from "../engine/pulumi-backend.ts";
import { PulumiStack, type PulumiStackArgs, type Update } from "../engine/pulumi-stack.ts";
import { sources } from "../engine/temporary-project.ts";
import { checkOut, type Edits } from "../program/checkout.ts";
import { testStackConfig } from "../test-stack.ts";
import { clientId, otherClientId, signingKeys, userPoolId } from "../token-factory.ts";
import { losses, type Served, servedBy } from "./served.ts";

/** Operations of a provider that change the account. */
const mutations = ["create", "update", "delete"] as const;

/** One call of the provider: what it does, to which type, in a preview or not. */
export interface ProviderCall {
  readonly operation: (typeof mutations)[number];
  readonly urn: string;
}

/** What a test does at a call: throws to fail it before it does anything, or asks to lose its answer. */
export type Fault = (call: ProviderCall) => "lose the answer" | undefined;

/** What settings every stack of the lab has. */
export const baseConfig: Readonly<Record<string, unknown>> = {
  "aws:region": "us-east-1",
  userPoolId,
  userPoolClientIds: [clientId, otherClientId],
  apiGatewayLogRole: "existing",
  jwks: "runtime",
};

/**
 * A Pulumi CLI, the emulated account that it deploys into, and a copy of the program to edit. Each change of the account
 * is recorded, and may be made to fail.
 */
export class UpdateLab {
  readonly mode: EngineMode;
  readonly backend: PulumiBackend;
  /** The folder of the copy. */
  readonly program: string;
  /** What was served after each change of the account since the last `watch`. */
  readonly moments: { readonly call: ProviderCall; readonly served: Served }[] = [];
  fault: Fault = () => undefined;
  readonly #provider: GrpcServer;

  private constructor(mode: EngineMode, backend: PulumiBackend, provider: GrpcServer, program: string) {
    this.mode = mode;
    this.backend = backend;
    this.#provider = provider;
    this.program = program;
  }

  static async start(cli: string): Promise<UpdateLab> {
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
      reporter: new ConsoleReporter(() => {}),
      quietMs: 0,
    });
    const { account } = mode;
    const implementation = providerService({
      account,
      serve: () => mode.stack.reload(),
      folderOf: (project) => mode.folder.folderOf(project) ?? process.cwd(),
      onChange: () => {},
      onWarning: () => {},
    });
    const lab: { current?: UpdateLab } = {};
    const provider = await startGrpcServer([
      // biome-ignore lint/suspicious/noExplicitAny: the protocol's package has no types that gRPC takes
      [providerProtocol.ResourceProviderService as any, faulty(implementation, () => lab.current)],
    ]);
    const environment = {
      ...engineEnvironment(mode),
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
    };
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "update-lab-")));
    const program = join(folder, "program");
    checkOut(program);
    cpSync(new URL("Pulumi.yaml", sources), join(program, "Pulumi.yaml"));
    lab.current = new UpdateLab(mode, new PulumiBackend({ cli, environment }), provider, program);
    return lab.current;
  }

  stack(args: Partial<PulumiStackArgs> = {}): Promise<PulumiStack> {
    return PulumiStack.create(this.backend, {
      program: this.program,
      ...args,
      config: { ...baseConfig, ...args.config },
    });
  }

  /** Changes files of the copy, from what they are in this project. Files that were changed before are as they were. */
  edit(edits: Edits): void {
    for (const path of ["functions", "index.ts", "infra"]) {
      rmSync(join(this.program, path), { recursive: true, force: true });
      cpSync(new URL(path, sources), join(this.program, path), { recursive: true });
    }
    for (const [path, edit] of Object.entries(edits)) {
      const file = join(this.program, path);
      writeFileSync(file, typeof edit === "string" ? edit : edit(readFileSync(file, "utf8")));
    }
  }

  get served(): Served {
    return servedBy(this.mode.account.graph());
  }

  /** Types and names of what is in the account, twice where two are there. */
  get resources(): string[] {
    return this.mode.account
      .graph()
      .resources.map(({ type, name }) => `${type.slice(4)} ${name}`)
      .sort();
  }

  /** Runs a command, and returns with it what clients lost on the way. */
  async watch(run: () => Promise<Update>): Promise<{ readonly update: Update; readonly lost: string[] }> {
    this.moments.length = 0;
    const before = this.served;
    const update = await run();
    const after = this.served;
    const lost = this.moments.flatMap(({ call, served }) =>
      losses(before, served, after).map(
        (loss) => `${loss} after ${call.operation} ${call.urn.split("::").slice(2).join(" ")}`,
      ),
    );
    return { update, lost };
  }

  async close(): Promise<void> {
    this.#provider.close();
    this.backend.remove();
    await this.mode.close();
    rmSync(join(this.program, ".."), { recursive: true, force: true });
  }
}

/** The provider, with a fault before or after a call where the lab says so, and a record of each change. */
function faulty(
  implementation: UntypedServiceImplementation,
  lab: () => UpdateLab | undefined,
): UntypedServiceImplementation {
  const wrapped = mutations.map((operation) => {
    const handle = implementation[operation];
    assert.ok(typeof handle === "function");
    // biome-ignore lint/suspicious/noExplicitAny: each method of the protocol has its own pair of messages
    const faultyHandle = (call: any, callback: (error: unknown, answer?: unknown) => void) => {
      const current = lab();
      if (!current || call.request.getPreview?.()) return handle(call, callback as never);
      const made: ProviderCall = { operation, urn: call.request.getUrn() };
      let loses: ReturnType<Fault>;
      try {
        loses = current.fault(made);
      } catch (error) {
        return callback({ code: 2, details: (error as Error).message });
      }
      return handle(call, ((error: unknown, answer: unknown) => {
        if (!error) current.moments.push({ call: made, served: current.served });
        if (loses && !error) callback({ code: 2, details: "the answer was lost" });
        else callback(error, answer);
      }) as never);
    };
    return [operation, faultyHandle] as const;
  });
  return { ...implementation, ...Object.fromEntries(wrapped) } as UntypedServiceImplementation;
}
