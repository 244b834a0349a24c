import aliasMessages from "@pulumi/pulumi/proto/alias_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { nameOf, type UrnParts, urnOf } from "../graph/urn.ts";
import type { Struct } from "../protocol/property-values.ts";

export type RegisterRequest = InstanceType<typeof monitorMessages.RegisterResourceRequest>;
export type ResourceOptions = InstanceType<typeof monitorMessages.TransformResourceOptions>;
type Alias = InstanceType<typeof aliasMessages.Alias>;

/** A resource as the program asks for it, in the form that transforms change. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** URN; empty for the stack itself. */
  readonly parent: string;
  readonly properties: Struct | undefined;
  readonly options: ResourceOptions;
}

/** Reads a request, with its options as transforms are given them. */
export function registrationOf(request: RegisterRequest): Registration {
  const options = new monitorMessages.TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  if (request.hasProtect()) options.setProtect(request.getProtect() === true);
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList([...request.getAliasesList(), ...request.getAliasurnsList().map(aliasOf)]);
  options.setProvider(request.getProvider());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  if (request.hasRetainondelete()) options.setRetainOnDelete(request.getRetainondelete() === true);
  options.setDeletedWith(request.getDeletedwith());
  if (request.getDeletebeforereplacedefined())
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  for (const [name, provider] of request.getProvidersMap().entries())
    options.getProvidersMap().set(name, provider);
  options.setHooks(request.getHooks());
  options.setImport(request.getImportid());
  options.setReplaceWithList(request.getReplaceWithList());
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    properties: request.getObject(),
    options,
  };
}

function aliasOf(urn: string): Alias {
  const alias = new aliasMessages.Alias();
  alias.setUrn(urn);
  return alias;
}

/**
 * URNs that the resource may have had before: its own aliases, and those that it has because its parent has some.
 * @param parentAliases URNs that the parent may have had
 */
export function aliasUrns(
  options: ResourceOptions,
  own: UrnParts,
  parentAliases: readonly string[],
): string[] {
  const aliases = options.getAliasesList().map((alias) => specified(alias, own));
  const current = { urn: urnOf(own), name: own.name, type: own.type, hasOwnParent: true };
  const inherited = parentAliases.flatMap((parent) =>
    [current, ...aliases.filter(({ hasOwnParent }) => hasOwnParent)].map(({ name, type }) =>
      urnOf({ ...own, parent, type, name: inheritedName(name, own.parent, parent) }),
    ),
  );
  return [...new Set([...aliases.map(({ urn }) => urn), ...inherited])].filter((urn) => urn !== current.urn);
}

function specified(alias: Alias, own: UrnParts) {
  const spec = alias.getSpec();
  if (!spec) return { urn: alias.getUrn(), name: own.name, type: own.type, hasOwnParent: false };
  const name = spec.getName() || own.name;
  const type = spec.getType() || own.type;
  const parent = spec.getNoparent() ? undefined : spec.getParenturn() || own.parent;
  const stack = spec.getStack() || own.stack;
  const project = spec.getProject() || own.project;
  const hasOwnParent = parent === own.parent;
  return { urn: urnOf({ stack, project, parent, type, name }), name, type, hasOwnParent };
}

/** A child named after its parent is renamed with it. */
function inheritedName(name: string, parent: string | undefined, parentAlias: string): string {
  const parentName = parent === undefined ? undefined : nameOf(parent);
  return parentName !== undefined && name.startsWith(parentName)
    ? nameOf(parentAlias) + name.slice(parentName.length)
    : name;
}
