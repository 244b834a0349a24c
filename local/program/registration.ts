import aliasMessages from "@pulumi/pulumi/proto/alias_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { nameOf, typeOf, type UrnParts, urnOf } from "../graph/urn.ts";
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

/** Gives a resource the options that it takes from its parent where it has none of its own, as Pulumi's engine does. */
export function inheritOptions({ type, custom, options }: Registration, parent: ResourceOptions): void {
  if (!options.hasProtect() && parent.hasProtect()) options.setProtect(parent.getProtect() === true);
  if (!options.hasRetainOnDelete() && parent.hasRetainOnDelete())
    options.setRetainOnDelete(parent.getRetainOnDelete() === true);
  if (options.getDeletedWith() === "") options.setDeletedWith(parent.getDeletedWith());
  const provider = parent.getProvider();
  const [packageName] = type.split(":");
  const servedPackage = typeOf(providerUrn(provider)).split(":")[2];
  if (options.getProvider() === "" && (!custom || servedPackage === packageName))
    options.setProvider(provider);
}

/** The URN in a reference to a provider, which is followed there by the provider's id. */
export function providerUrn(reference: string): string {
  return reference.slice(0, Math.max(0, reference.lastIndexOf("::")));
}

/** Reads the URNs that a resource may have had before; none for one without aliases. */
export type AliasesOf = (urn: string) => readonly string[];

/**
 * URNs that the resource may have had before: its own aliases, and those that it has because its parent has some.
 * @param aliasesOf reads those of the resources that were registered before
 */
export function aliasUrns(options: ResourceOptions, own: UrnParts, aliasesOf: AliasesOf): string[] {
  const current = urnOf(own);
  const given = options.getAliasesList().flatMap((alias) => specified(alias, own, aliasesOf));
  const inherited = aliasesOf(own.parent ?? "").flatMap((parent) =>
    [current, ...given].map((urn) =>
      urnOf({ ...own, parent, type: typeOf(urn), name: inheritedName(nameOf(urn), own.parent, parent) }),
    ),
  );
  return [...new Set([...given, ...inherited])].filter((urn) => urn !== current);
}

function specified(alias: Alias, own: UrnParts, aliasesOf: AliasesOf): string[] {
  const spec = alias.getSpec();
  if (!spec) return [alias.getUrn()];
  const parts = {
    stack: spec.getStack() || own.stack,
    project: spec.getProject() || own.project,
    type: spec.getType() || own.type,
    name: spec.getName() || own.name,
  };
  const former = spec.getParenturn();
  const parents = former === "" ? [own.parent] : [former, ...aliasesOf(former)];
  return (spec.getNoparent() ? [undefined] : parents).map((parent) => urnOf({ ...parts, parent }));
}

/** A child named after its parent is renamed with it. */
function inheritedName(name: string, parent: string | undefined, parentAlias: string): string {
  const parentName = parent === undefined ? undefined : nameOf(parent);
  return parentName !== undefined && name.startsWith(parentName)
    ? nameOf(parentAlias) + name.slice(parentName.length)
    : name;
}
