import { resolve } from "node:path";
import type { NamedStack, StackConfig } from "../../program/stack-config.ts";
import { section, tokenCommand, userPoolSections } from "../../screen/instructions.ts";
import { defaultProgram } from "../../this-program.ts";
import type { EngineMode } from "./engine-mode.ts";

/** A stack's secrets are encrypted with it, in a state that ends with this run. */
const passphrase = "local";

/** What a Pulumi CLI must be told to deploy into this run's account, by variable. */
export function engineEnvironment({ folder, enginePort }: EngineMode): Readonly<Record<string, string>> {
  return {
    PULUMI_DEBUG_PROVIDERS: `aws:${enginePort}`,
    PULUMI_BACKEND_URL: folder.backendUrl,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    NODE_OPTIONS: `--import=${folder.preloadUrl}`,
  };
}

/** What to do next: the variables and commands to paste, for a POSIX shell and for PowerShell. */
export function engineInstructions(mode: EngineMode, stackConfig: StackConfig, options: NamedStack): string {
  const { stack } = mode;
  const variables = Object.entries(engineEnvironment(mode));
  const isOwn = options.program === defaultProgram;
  const pulumi = isOwn ? "npx pulumi" : "pulumi";
  return [
    "An empty AWS account is served. A Pulumi CLI can deploy into it, from another terminal:",
    section(
      "In sh, bash or zsh",
      variables.map(([name, value]) => `export ${name}="${value}"`),
    ),
    section(
      "or in PowerShell",
      variables.map(([name, value]) => `$env:${name} = "${value}"`),
    ),
    section("Then", [
      ...(isOwn ? [] : [`cd "${resolve(options.program)}"`]),
      `${pulumi} stack init ${options.stack}`,
      ...["preview", "up", "refresh", "stack output", "destroy"].map((command) => `${pulumi} ${command}`),
    ]),
    `"stack init" adds a line encryptionsalt to Pulumi.${options.stack}.yaml, as it does for every stack with a passphrase.`,
    `The account has a role that API Gateway logs through: the setting apiGatewayLogRole may be "existing".`,
    ...(stack.userPool
      ? [...userPoolSections(stack), section("A token of alice", [tokenCommand(stack, stackConfig, options)])]
      : []),
    section("Watch it, and try it", [`http://localhost:${stack.port}`]),
    "Ctrl-C ends it, and the account and the state of its stacks with it.",
  ].join("\n\n");
}
