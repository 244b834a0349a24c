import assert from "node:assert/strict";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, it } from "mocha";
import {
  assetOf,
  hasUnknown,
  readProperties,
  unknownValue,
  writeProperties,
  writtenArchive,
  writtenAsset,
} from "../../../local/protocol/property-values.ts";

const signature = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });
const output = (members: object) => ({ [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...members });
const reference = (members: object) => ({ [signature]: "5cf8f73096256a8f31e491e813e4eb8e", ...members });
const read = (properties: object) =>
  readProperties(structMessages.Struct.fromJavaScript(properties as Record<string, string>));

describe("properties of Pulumi's protocol that are read", () => {
  it("are plain data", () => {
    const properties = { text: "a", list: [1, null, { on: true }], nested: { deep: {} } };
    assert.deepEqual(read(properties), { properties, secretPaths: [], dependencies: [] });
    assert.deepEqual(readProperties(undefined), { properties: {}, secretPaths: [], dependencies: [] });
  });

  it("have secrets beside them", () => {
    const { properties, secretPaths } = read({
      a: secret("hunter2"),
      b: { list: [secret({ c: secret(1) })] },
      d: output({ value: "x", secret: true }),
    });
    assert.deepEqual(properties, { a: "hunter2", b: { list: [{ c: 1 }] }, d: "x" });
    assert.deepEqual(secretPaths, ["a", "b.list[0]", "b.list[0].c", "d"]);
  });

  it("have the resources that they come from beside them", () => {
    const { properties, dependencies } = read({
      a: output({ value: ["x"], dependencies: ["urn:one", "urn:two"] }),
      b: [output({ value: 1, dependencies: ["urn:one"] })],
    });
    assert.deepEqual(properties, { a: ["x"], b: [1] });
    assert.deepEqual(dependencies, ["urn:one", "urn:two"]);
  });

  it("have ids in place of resources, or URNs where a resource has no id", () => {
    const { properties } = read({
      custom: reference({ urn: "urn:one", id: "role-1" }),
      component: reference({ urn: "urn:two" }),
      unknown: reference({ urn: "urn:three", id: "" }),
    });
    assert.deepEqual(properties, { custom: "role-1", component: "urn:two", unknown: unknownValue });
  });

  it("are unknown where an output has no value", () => {
    const { properties } = read({ a: { b: output({}) } });
    assert.deepEqual(properties, { a: { b: unknownValue } });
    assert.equal(hasUnknown(properties), true);
    assert.equal(hasUnknown({ a: [null, "x"] }), false);
  });

  it("keep assets and archives as they are written", () => {
    const archive = writtenArchive({ assets: { "a.txt": writtenAsset({ text: "a" }) } });
    const { properties } = read({ code: archive });
    assert.deepEqual(properties, { code: archive });
    assert.deepEqual(assetOf(properties.code), {
      kind: "archive",
      assets: { "a.txt": writtenAsset({ text: "a" }) },
    });
    assert.deepEqual(assetOf(writtenAsset({ path: "a" })), { kind: "asset", path: "a" });
    for (const value of [undefined, "a", [], { path: "a" }, secret("a")])
      assert.equal(assetOf(value), undefined);
  });
});

describe("properties of Pulumi's protocol that are written", () => {
  it("are secret as a whole where they have a secret in them", () => {
    const written = writeProperties({ a: { b: 1 }, c: "x" }, ["a.b", "absent"]);
    assert.deepEqual(written.toJavaScript(), { a: secret({ b: 1 }), c: "x" });
    assert.deepEqual(readProperties(written).secretPaths, ["a"]);
  });

  it("leave out what the protocol has no form for", () => {
    const written = writeProperties({
      a: undefined,
      b: [undefined, 1],
      c: { d: undefined },
      e: new Uint8Array(1),
    });
    assert.deepEqual(written.toJavaScript(), { b: [null, 1], c: {} });
  });
});
