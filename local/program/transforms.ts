import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Struct } from "../protocol/property-values.ts";
import type { Callback, Callbacks } from "./callbacks.ts";
import type { Registration } from "./registration.ts";

/** An invoke as the program asks for it, in the form that transforms change. */
export interface InvokeRequest {
  readonly token: string;
  readonly args: Struct | undefined;
  readonly provider: string;
}

/** The transforms that a program has registered, in the order in which Pulumi applies them. */
export class Transforms {
  readonly #callbacks: Callbacks;
  readonly #stack: Callback[] = [];
  readonly #invokes: Callback[] = [];
  /** By URN of the resource that they were given to: its children take them too. */
  readonly #resources = new Map<
    string,
    { readonly transforms: readonly Callback[]; readonly parent: string }
  >();

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
  }

  addToStack(transform: Callback): void {
    this.#stack.push(transform);
  }

  addToInvokes(transform: Callback): void {
    this.#invokes.push(transform);
  }

  addToResource(urn: string, parent: string, transforms: readonly Callback[]): void {
    this.#resources.set(urn, { transforms, parent });
  }

  /** Applies the resource's own transforms, then those of its parents, then the stack's. */
  async apply(registration: Registration, own: readonly Callback[]): Promise<Registration> {
    let current = registration;
    for (const transform of [...own, ...this.#ofParents(registration.parent), ...this.#stack]) {
      const request = new monitorMessages.TransformRequest();
      request.setType(current.type);
      request.setName(current.name);
      request.setCustom(current.custom);
      request.setParent(current.parent);
      request.setProperties(current.properties);
      request.setOptions(current.options);
      const answer = await this.#callbacks.call(transform, request);
      const response = monitorMessages.TransformResponse.deserializeBinary(answer);
      const options = response.getOptions() ?? current.options;
      current = { ...current, properties: response.getProperties() ?? current.properties, options };
    }
    return current;
  }

  async applyToInvoke(invoke: InvokeRequest): Promise<InvokeRequest> {
    let current = invoke;
    for (const transform of this.#invokes) {
      const options = new monitorMessages.TransformInvokeOptions();
      options.setProvider(current.provider);
      const request = new monitorMessages.TransformInvokeRequest();
      request.setToken(current.token);
      request.setArgs(current.args);
      request.setOptions(options);
      const answer = await this.#callbacks.call(transform, request);
      const response = monitorMessages.TransformInvokeResponse.deserializeBinary(answer);
      const provider = response.getOptions()?.getProvider() || current.provider;
      current = { ...current, args: response.getArgs() ?? current.args, provider };
    }
    return current;
  }

  #ofParents(urn: string): Callback[] {
    const parent = this.#resources.get(urn);
    return parent ? [...parent.transforms, ...this.#ofParents(parent.parent)] : [];
  }
}
