import assert from "node:assert/strict";
import type { PulumiStack, Update } from "../engine/pulumi-stack.ts";
import type { Change } from "./changes.ts";
import { baseConfig, type UpdateLab } from "./update-lab.ts";

/** What a change did, there and back. */
export interface ChangeResult {
  readonly what: string;
  readonly problems: readonly string[];
  /** What clients lost on the way, each once. */
  readonly lost: readonly string[];
  /** Operations that the second `up` had to do. */
  readonly second: readonly string[];
}

export function errorsOf({ messages, stderr }: Update): string[] {
  const errors = messages.filter(({ severity }) => severity === "error").map(({ text }) => text);
  return errors.length > 0 ? errors : [stderr];
}

/** Operations that change something. */
export function changesOf({ operations }: Update): string[] {
  return operations
    .filter(({ op }) => op !== "read")
    .map(({ op, type, name }) => `${op} ${type.split(":")[2] ?? type} ${name}`);
}

const announcement = /^the stage serves what leaves the program until the next update: /;

function isAnnounced({ messages }: Update): boolean {
  return messages.some(({ text }) => announcement.test(text.replace(/^warning: /, "")));
}

/** Applies a change and the change back to a stack that is deployed, and tells what was not as it should be. */
export async function tryChange(lab: UpdateLab, stack: PulumiStack, change: Change): Promise<ChangeResult[]> {
  const given = { ...change.from, ...change.settings };
  const undo = Object.fromEntries(Object.keys(given).map((key) => [key, baseConfig[key]]));
  const results: ChangeResult[] = [];
  if (change.from) {
    stack.setConfig(change.from);
    const { exitCode } = await stack.up();
    assert.equal(exitCode, 0, `${change.what}: from`);
  }
  stack.setConfig(given);
  lab.edit(change.edits ?? {});
  results.push(await step(lab, stack, change.what, change.leaves === "forth" || change.leaves === "both"));
  stack.setConfig({ ...undo, ...change.from });
  lab.edit({});
  results.push(
    await step(lab, stack, `${change.what}, back`, change.leaves === "back" || change.leaves === "both"),
  );
  if (change.from) {
    stack.setConfig(undo);
    assert.equal((await stack.up()).exitCode, 0, `${change.what}: undone`);
  }
  return results;
}

async function step(
  lab: UpdateLab,
  stack: PulumiStack,
  what: string,
  leaves: boolean,
): Promise<ChangeResult> {
  const problems: string[] = [];
  const preview = await stack.preview();
  const { update, lost } = await lab.watch(() => stack.up());
  if (preview.exitCode !== 0) problems.push(`preview: ${errorsOf(preview).join(" | ")}`);
  if (update.exitCode !== 0) problems.push(`up: ${errorsOf(update).join(" | ")}`);
  const [announced, changed] = [JSON.stringify(preview.counts), JSON.stringify(update.counts)];
  if (announced !== changed) problems.push(`preview said ${announced}, up did ${changed}`);
  if (isAnnounced(preview) !== leaves || isAnnounced(update) !== leaves)
    problems.push(`announced by preview: ${isAnnounced(preview)}, by up: ${isAnnounced(update)}`);
  const again = await stack.up();
  const second = changesOf(again);
  const expected = leaves
    ? [
        "create-replacement Deployment websocket",
        "delete-replaced Deployment websocket",
        "replace Deployment websocket",
        "update Stage websocket",
      ]
    : [];
  if ([...second].sort().join() !== expected.join()) problems.push(`second up: ${second.join()}`);
  if (leaves) {
    const third = await stack.up("--expect-no-changes");
    if (third.exitCode !== 0) problems.push(`third up: ${changesOf(third).join()}`);
  }
  const surplus = await surplusOf(lab, stack);
  if (surplus.length > 0) problems.push(`in the account or in the state only: ${surplus.join()}`);
  const broken = Object.entries(lab.served.stages).flatMap(([stage, routes]) =>
    Object.entries(routes).flatMap(([key, does]) =>
      /\bNO\b/.test(does) ? [`${stage} ${key}: ${does}`] : [],
    ),
  );
  const stale = staleRoutes(lab);
  if (broken.length + stale.length > 0) problems.push(`served: ${[...broken, ...stale].join()}`);
  return { what, problems, lost: [...new Set(lost)], second };
}

/** Routes that a stage serves and its API has no more, or the reverse. */
export function staleRoutes(lab: UpdateLab): string[] {
  const { resources } = lab.mode.account.graph();
  return Object.entries(lab.served.stages).flatMap(([stage, routes]) => {
    const [apiId] = stage.split("/");
    const declared = resources
      .filter(({ type, inputs }) => type === "aws:apigatewayv2/route:Route" && inputs.apiId === apiId)
      .map(({ inputs }) => String(inputs.routeKey));
    const served = Object.keys(routes);
    return [
      ...declared.filter((key) => !served.includes(key)),
      ...served.filter((key) => !declared.includes(key)),
    ].map((key) => `${stage} ${key} is ${declared.includes(key) ? "not served" : "stale"}`);
  });
}

/** Kinds that a stack leaves behind on purpose. */
const kept =
  /^(apigateway\/account:Account region|iam\/role:Role api-gateway-logs|iam\/rolePolicyAttachment:RolePolicyAttachment api-gateway-logs|route53\/record:Record domain-proof)$/;

/** What is only in the account, or only in the states of these stacks: orphans and ghosts. */
export async function surplusOf(lab: UpdateLab, ...stacks: readonly PulumiStack[]): Promise<string[]> {
  const states = await Promise.all(stacks.map((stack) => stack.run("stack", "export")));
  const owned = states.flatMap(({ stdout }) => {
    const { deployment } = JSON.parse(stdout);
    const resources: { type: string; urn: string; custom?: boolean; external?: boolean }[] =
      deployment.resources ?? [];
    return resources
      .filter(({ type, custom, external }) => custom && !external && type.startsWith("aws:"))
      .map(({ type, urn }) => `${type.slice(4)} ${urn.split("::").slice(3).join("::")}`);
  });
  const left = [...owned];
  const orphans = lab.resources.filter((one) => {
    const i = left.indexOf(one);
    if (i >= 0) left.splice(i, 1);
    return i < 0 && !kept.test(one);
  });
  return [...orphans.map((one) => `orphan ${one}`), ...left.map((one) => `ghost ${one}`)];
}
