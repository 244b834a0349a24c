import { apiParts } from "../../local/graph/api-snapshot.ts";
import {
  dependencyClosure,
  type RecordedResource,
  type ResourceGraph,
} from "../../local/graph/resource-graph.ts";
import { deletesBeforeReplace, isReplacing } from "../../local/resources/replacement.ts";
import { resourceTypeOf } from "../../local/resources/resource-types.ts";
import { checkResource, conflictOf } from "../../local/resources/rules.ts";
import { deletesFirst } from "../mocks/run-with-mocks.ts";
import { type Served, servedBy } from "./served.ts";

/** A step of an update, like `create Stage websocket`, and what is served after it. */
export interface ModelStep {
  readonly step: string;
  readonly served: Served;
}

/** A deployed stack, and how the last update came to it. */
export interface ModelStack {
  readonly graph: ResourceGraph;
  readonly steps: readonly ModelStep[];
}

const deploymentType = "aws:apigatewayv2/deployment:Deployment";

/**
 * A model of Pulumi's engine with its AWS provider, for machines without a CLI. It creates and changes resources in the
 * order of the program, deletes a resource before its successor where the provider would, takes a snapshot at each
 * Deployment, and deletes last what left the program.
 * @param before the deployed stack; undefined for the first update
 * @param replaced types of resources that the operator has replaced, as with `--replace`
 * @throws {Error} AWS's refusal
 */
export function modelUpdate(
  before: ModelStack | undefined,
  program: ResourceGraph,
  replaced: readonly string[] = [],
): ModelStack {
  return new ModelEngine(before?.graph, program, replaced).run();
}

class ModelEngine {
  readonly #program: ResourceGraph;
  readonly #forced: readonly string[];
  readonly #former: Map<string, RecordedResource>;
  readonly #snapshots: Map<string, readonly RecordedResource[]>;
  readonly #steps: ModelStep[] = [];
  /** Identifiers of replaced resources to those of their successors. */
  readonly #renamed = new Map<string, string>();
  readonly #replacedUrns = new Set<string>();
  readonly #leftovers = new Set<RecordedResource>();
  #state: RecordedResource[];

  constructor(before: ResourceGraph | undefined, program: ResourceGraph, forced: readonly string[]) {
    this.#program = program;
    this.#forced = forced;
    this.#state = [...(before?.resources ?? [])];
    this.#former = new Map(this.#state.map((resource) => [resource.urn, resource]));
    this.#snapshots = new Map(before?.snapshots);
  }

  get #graph(): ResourceGraph {
    return { ...this.#program, resources: this.#state, snapshots: this.#snapshots };
  }

  run(): ModelStack {
    const owned = this.#program.resources.filter(({ custom, read }) => custom && !read);
    for (const declared of owned) this.#register(declared);
    const present = new Set(owned.map(({ urn }) => urn));
    for (const resource of [...this.#former.values()].toReversed())
      if (this.#leftovers.has(resource) || !present.has(resource.urn)) this.#delete(resource);
    return { graph: this.#graph, steps: this.#steps };
  }

  #register(declared: RecordedResource): void {
    const former = this.#former.get(declared.urn);
    if (!former) {
      this.#create(this.#successorOf(declared));
      return;
    }
    const changed = this.#changedProperties(former, declared);
    const isReplaced =
      this.#forced.includes(declared.type) ||
      changed.some((property) => isReplacing(declared.type, property));
    if (isReplaced) this.#replace(former, declared);
    else if (changed.length > 0) this.#update(former, declared);
  }

  #update(former: RecordedResource, declared: RecordedResource): void {
    const resource = { ...this.#resolved(declared), id: former.id };
    this.#state = this.#state.map((one) => (one === former ? resource : one));
    this.#former.set(declared.urn, resource);
    this.#note("update", resource);
  }

  #changedProperties(former: RecordedResource, declared: RecordedResource): string[] {
    const { inputs } = this.#resolved(declared);
    const names = [...new Set([...Object.keys(former.inputs), ...Object.keys(inputs)])];
    const changed = names.filter(
      (name) => JSON.stringify(former.inputs[name]) !== JSON.stringify(inputs[name]),
    );
    // The hash in the trigger names the resources that a deployment freezes.
    const closure = dependencyClosure(this.#program, declared.urn);
    const isStale =
      declared.type === deploymentType && [...this.#replacedUrns].some((urn) => closure.has(urn));
    return isStale ? [...changed, "triggers"] : changed;
  }

  #replace(former: RecordedResource, declared: RecordedResource): void {
    const deletesNow = deletesFirst(declared) ?? deletesBeforeReplace(declared.type, declared.inputs, false);
    for (const text of [former.id, former.outputs.name, former.outputs.arn])
      if (typeof text === "string" && text.length > 5 && !Object.values(declared.inputs).includes(text))
        this.#renamed.set(text, `${text}x${this.#steps.length}`);
    this.#replacedUrns.add(declared.urn);
    if (deletesNow) this.#deleteWithDependents(former);
    else this.#leftovers.add(former);
    this.#create(this.#successorOf(declared));
  }

  /** What would be replaced because of it goes before it. */
  #deleteWithDependents(resource: RecordedResource): void {
    const dependents = this.#state.filter(
      (one) =>
        one.dependencies.includes(resource.urn) &&
        Object.entries(one.inputs).some(
          ([name, value]) => isReplacing(one.type, name) && JSON.stringify(value).includes(resource.id),
        ),
    );
    for (const dependent of dependents)
      if (this.#state.includes(dependent)) this.#deleteWithDependents(dependent);
    this.#delete(resource);
    this.#leftovers.delete(resource);
    this.#former.delete(resource.urn);
  }

  #successorOf(declared: RecordedResource): RecordedResource {
    const resolved = this.#resolved(declared);
    return this.#replacedUrns.has(declared.urn) ? this.#renameOwn(resolved) : resolved;
  }

  #create(resource: RecordedResource): void {
    const others = this.#state;
    checkResource(
      { ...resource, urn: `${resource.urn}::new` },
      { account: this.#program.account, resources: others },
    );
    const conflict = conflictOf(resource, others);
    if (conflict) throw new Error(`create ${labelOf(resource)}: ${conflict}`);
    this.#state = [...others, resource];
    if (resource.type === deploymentType)
      this.#snapshots.set(resource.id, apiParts(this.#graph, resource.inputs.apiId));
    this.#note("create", resource);
  }

  #delete(resource: RecordedResource): void {
    if (!this.#state.includes(resource)) return;
    const others = this.#state.filter((one) => one !== resource);
    const refusal = resource.retainOnDelete
      ? undefined
      : resourceTypeOf(resource.type)?.refusesDeletion?.(resource, others);
    if (refusal) throw new Error(`delete ${labelOf(resource)}: ${refusal}`);
    this.#state = others;
    this.#note("delete", resource);
  }

  #note(operation: string, resource: RecordedResource): void {
    this.#steps.push({ step: `${operation} ${labelOf(resource)}`, served: servedBy(this.#graph) });
  }

  /** As the program declares it, with the identifiers that resources have by now. */
  #resolved(declared: RecordedResource): RecordedResource {
    const { inputs, outputs } = this.#renameIn({ inputs: declared.inputs, outputs: declared.outputs });
    return { ...declared, inputs, outputs };
  }

  #renameOwn(resource: RecordedResource): RecordedResource {
    return { ...resource, id: this.#renamed.get(resource.id) ?? resource.id };
  }

  #renameIn<T>(value: T): T {
    let text = JSON.stringify(value);
    for (const [from, to] of this.#renamed) text = text.replaceAll(JSON.stringify(from).slice(1, -1), to);
    return JSON.parse(text);
  }
}

function labelOf({ type, name }: RecordedResource): string {
  return `${type.split(":")[2]} ${name}`;
}
