import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { programGraph, resource } from "./program-graph.ts";

describe("the authorizer's bundle", () => {
  it("loads these modules of Node.js when it starts, and https only to fetch keys", async () => {
    const { inputs } = resource(await programGraph(), "aws:lambda/function:Function", "authorizer");
    const code: string = inputs.code.files["index.js"];
    const namesIn = (call: RegExp) => [...code.matchAll(call)].map(([, name]) => name).sort();
    assert.deepEqual(namesIn(/require\("([^"]+)"\)/g), ["crypto", "node:crypto", "stream"]);
    assert.deepEqual(namesIn(/import\("([^"]+)"\)/g), ["node:https"]);
  });
});
