import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import { joinPath, topmostName } from "../graph/property-path.ts";
import type { Properties } from "../graph/resource-graph.ts";

/** What stands for a value that is not known yet, in a preview. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The member that marks an object of Pulumi's protocol, and the kinds of such objects. */
const signature = "4dabf18193072939515e22adb298388d";
const signatures = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
};

export type Struct = InstanceType<typeof structMessages.Struct>;

/** Properties as data, with what the protocol says of them beside it. */
export interface ReadProperties {
  /** Assets and archives stay as the protocol writes them; an unknown value is `unknownValue`. */
  readonly properties: Properties;
  /** Paths of secret values, like `environment.variables.TOKEN`. */
  readonly secretPaths: readonly string[];
  /** URNs of the resources that the values come from. */
  readonly dependencies: readonly string[];
}

/** Reads properties: secrets and outputs become their values, and a resource becomes its id. */
export function readProperties(struct: Struct | undefined): ReadProperties {
  const secretPaths: string[] = [];
  const dependencies = new Set<string>();
  const read = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => read(item, joinPath(path, i)));
    if (!isObject(value)) return value;
    switch (value[signature]) {
      case signatures.secret:
        secretPaths.push(path);
        return read(value.value, path);
      case signatures.output:
        if (value.secret) secretPaths.push(path);
        for (const urn of (value.dependencies as string[] | undefined) ?? []) dependencies.add(urn);
        return value.value === undefined ? unknownValue : read(value.value, path);
      case signatures.resource:
        return value.id === undefined ? value.urn : read(value.id, path) || unknownValue;
      case signatures.asset:
      case signatures.archive:
        return value;
      default:
        return Object.fromEntries(
          Object.entries(value).map(([name, member]) => [name, read(member, joinPath(path, name))]),
        );
    }
  };
  const properties = read(struct?.toJavaScript() ?? {}, "") as Properties;
  return { properties, secretPaths: [...new Set(secretPaths)], dependencies: [...dependencies] };
}

/** Writes properties; a topmost one that has a secret in it is a secret as a whole, as Pulumi keeps it. */
export function writeProperties(properties: Properties, secretPaths: readonly string[] = []): Struct {
  const secretNames = new Set(secretPaths.map(topmostName));
  const written = Object.entries(properties).flatMap(([name, value]) => {
    const plain = withoutUndefined(value);
    if (plain === undefined) return [];
    return [[name, secretNames.has(name) ? { [signature]: signatures.secret, value: plain } : plain]];
  });
  return structMessages.Struct.fromJavaScript(Object.fromEntries(written));
}

/** A file of a package, or an archive, as the protocol writes them: one of the members but `hash`. */
export interface WireAsset {
  readonly kind: "asset" | "archive";
  readonly text?: string;
  readonly path?: string;
  readonly uri?: string;
  /** What the engine tells versions apart by. */
  readonly hash?: string;
  /** Path in the archive to what is there. */
  readonly assets?: Readonly<Record<string, unknown>>;
}

/** The asset or archive that a value is, if it is one. */
export function assetOf(value: unknown): WireAsset | undefined {
  if (!isObject(value)) return undefined;
  const { [signature]: kind, ...members } = value;
  if (kind === signatures.asset) return { ...members, kind: "asset" };
  return kind === signatures.archive ? { ...members, kind: "archive" } : undefined;
}

/** An asset as the protocol writes it. */
export function writtenAsset(members: Omit<WireAsset, "kind">): Properties {
  return { [signature]: signatures.asset, ...members };
}

/** An archive as the protocol writes it. */
export function writtenArchive(members: Omit<WireAsset, "kind">): Properties {
  return { [signature]: signatures.archive, ...members };
}

/** Whether a value is not known yet, or has such a value in it. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item) ?? null);
  if (typeof value === "function" || value instanceof Uint8Array) return undefined;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const plain = withoutUndefined(member);
      return plain === undefined ? [] : [[name, plain]];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
