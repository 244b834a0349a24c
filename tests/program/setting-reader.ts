import * as pulumi from "@pulumi/pulumi";
import { readSettings, type Settings } from "../../infra/settings.ts";
import type { StackConfig } from "../../local/program/stack-config.ts";

/** What `readSettings` makes of a stack's configuration, outside of the program. */
export async function settingsOf(
  { project, stack, config }: StackConfig,
  secretKeys: readonly string[] = [],
): Promise<Settings> {
  const refuse = () => {
    throw new Error("settings are read without asking AWS");
  };
  await pulumi.runtime.setMocks({ newResource: refuse, call: refuse }, project, stack);
  pulumi.runtime.setAllConfig(
    { ...config },
    secretKeys.map((key) => `${project}:${key}`),
  );
  return readSettings();
}

/** The problems that `readSettings` lists, one a line. */
export async function problemsOf(
  stackConfig: StackConfig,
  secretKeys: readonly string[] = [],
): Promise<string[]> {
  try {
    await settingsOf(stackConfig, secretKeys);
    return [];
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) throw error;
    const [heading, ...lines] = error.message.split("\n");
    if (heading !== `settings in Pulumi.${stackConfig.stack}.yaml:`) throw error;
    return lines.map((line) => line.replace(/^ {2}/, ""));
  }
}
