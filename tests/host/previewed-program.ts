import type { Properties } from "../../local/graph/resource-graph.ts";
import { stackType, urnOf } from "../../local/graph/urn.ts";
import type { Callback } from "../../local/program/callbacks.ts";
import type { Registration } from "../../local/program/registration.ts";
import { type Answer, RunningProgram } from "../../local/program/running-program.ts";
import { readProperties } from "../../local/protocol/property-values.ts";

/** A resource as the program registered it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  /** In a preview, what is not known yet is Pulumi's marker for that. */
  readonly inputs: Properties;
}

/** Answers a program as `pulumi preview` does: no id, and nothing that only AWS could know. */
export class PreviewedProgram extends RunningProgram {
  readonly resources: RegisteredResource[] = [];
  #previewedOutputs: Properties | undefined;

  get outputs(): Properties | undefined {
    return this.#previewedOutputs;
  }

  override async register(requested: Registration, own: readonly Callback[]): Promise<Answer> {
    const { type, name, parent } = requested;
    if (type === stackType) return super.register(requested, own);
    const { properties } = readProperties(requested.properties);
    this.resources.push({ type, name, inputs: properties });
    return {
      urn: urnOf({ ...this.identity, parent, type, name }),
      id: "",
      state: { properties, secretPaths: [] },
    };
  }

  override setOutputs(urn: string, struct: Parameters<RunningProgram["setOutputs"]>[1]): void {
    super.setOutputs(urn, struct);
    if (urn.includes(`::${stackType}::`)) this.#previewedOutputs = readProperties(struct).properties;
  }
}

/** Leaves out of what is read each property that is empty, as a provider may. */
export function omittingEmpty(program: RunningProgram): void {
  const read = program.read.bind(program);
  program.read = async (request) => {
    const answer = await read(request);
    const kept = Object.entries(answer.state.properties).filter(([, value]) => value !== "");
    return { ...answer, state: { ...answer.state, properties: Object.fromEntries(kept) } };
  };
}
