import assert from "node:assert/strict";
import crypto, { type Hash } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Properties, ResourceGraph } from "../../local/graph/resource-graph.ts";
import { resource } from "./program-graph.ts";

/** What the program hashes into the deployment's trigger. */
export interface HashedDefinition {
  /** What the API itself serves only after a new deployment. */
  readonly api: Properties;
  readonly authorizer: Properties;
  /** Kind of resource, like `route`, to its inputs. */
  readonly routes: readonly Readonly<Record<string, Properties>>[];
}

/** The hash in the deployment's triggers. */
export function triggerOf(graph: ResourceGraph): string {
  const { triggers } = resource(graph, "aws:apigatewayv2/deployment:Deployment", "websocket").inputs;
  assert.deepEqual(Object.keys(triggers), ["definition"]);
  return triggers.definition;
}

/** Runs the program, and returns the text of which its trigger is the hash. */
export async function runAndReadDefinition(
  run: () => Promise<ResourceGraph>,
): Promise<{ graph: ResourceGraph; definition: HashedDefinition }> {
  const texts = new Set<string>();
  const { createHash } = crypto;
  const observed = (...args: Parameters<typeof createHash>) => {
    const hash = createHash(...args);
    const update = hash.update.bind(hash);
    return Object.assign(hash, {
      update(text: string): Hash {
        texts.add(text);
        return update(text);
      },
    });
  };
  try {
    crypto.createHash = observed;
    syncBuiltinESMExports();
    const graph = await run();
    const trigger = triggerOf(graph);
    const hashed = [...texts].filter((text) => createHash("sha256").update(text).digest("hex") === trigger);
    assert.equal(hashed.length, 1, "the trigger is the hash of one text");
    return { graph, definition: JSON.parse(hashed[0] ?? "") };
  } finally {
    crypto.createHash = createHash;
    syncBuiltinESMExports();
  }
}
