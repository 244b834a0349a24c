import type monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { readProperties } from "../protocol/property-values.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";
import type { DeclaredResource } from "./declared-resources.ts";
import { type ProviderSettings, regional } from "./provider-accounts.ts";
import type { Registration } from "./registration.ts";

export type ReadRequest = InstanceType<typeof monitorMessages.ReadResourceRequest>;

/** What the run knows of a resource that its request does not say. */
export interface Surroundings {
  readonly urn: string;
  /** URN; undefined at the top. */
  readonly parent: string | undefined;
  readonly provider: ProviderSettings;
  readonly aliases: readonly string[];
}

/** The resource that a registration asks for. @throws {OperatorError} for a kind that local mode does not run */
export function registeredResource(registration: Registration, surroundings: Surroundings): DeclaredResource {
  const { type, name, custom, options } = registration;
  refuseDynamic(type, name);
  const { urn, parent, provider, aliases } = surroundings;
  const { properties, secretPaths, dependencies } = readProperties(registration.properties);
  const hooks = options.getHooks();
  const before = hooks?.getBeforeDeleteList() ?? [];
  const after = hooks?.getAfterDeleteList() ?? [];
  return {
    urn,
    type,
    name,
    custom,
    read: false,
    parent,
    aliases,
    id: options.getImport() || undefined,
    properties: withTags(type, properties, provider.defaultTags),
    // The region of a provider is that of its resources.
    account: type.startsWith("pulumi:") ? provider.account : regional(properties.region, provider.account),
    secretPaths: [...secretPaths, ...options.getAdditionalSecretOutputsList()],
    dependencies: [...new Set([...options.getDependsOnList(), ...dependencies])],
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    retainOnDelete: options.getRetainOnDelete() ?? false,
    protect: options.getProtect() ?? false,
    ...(before.length + after.length > 0 && { deleteHooks: { before, after } }),
  };
}

/** The resource that a program reads and does not own. */
export function readResource(request: ReadRequest, surroundings: Surroundings): DeclaredResource {
  const { urn, parent, provider, aliases } = surroundings;
  const { properties, secretPaths, dependencies } = readProperties(request.getProperties());
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: true,
    read: true,
    parent,
    aliases,
    id: request.getId(),
    properties,
    account: regional(properties.region, provider.account),
    secretPaths: [...secretPaths, ...request.getAdditionalsecretoutputsList()],
    dependencies: [...new Set([...request.getDependenciesList(), ...dependencies])],
    ignoreChanges: [],
    replaceOnChanges: [],
    retainOnDelete: false,
    protect: false,
  };
}

function refuseDynamic(type: string, name: string): void {
  if (type === "pulumi-nodejs:dynamic:Resource")
    throw new OperatorError(
      `"${name}" is a dynamic resource, which local mode does not run: leave it out of the stack that you run locally`,
    );
}

/** As the provider's check does, which gives no tags to what has none on AWS. */
function withTags(type: string, properties: Properties, defaultTags: Properties): Properties {
  if (Object.keys(defaultTags).length === 0 || !resourceTypeOf(type)?.takesTags) return properties;
  return { ...properties, tags: { ...defaultTags, ...properties.tags } };
}
