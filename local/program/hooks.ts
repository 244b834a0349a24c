import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Properties, RecordedResource } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { type Struct, writeProperties } from "../protocol/property-values.ts";
import type { Callback, Callbacks } from "./callbacks.ts";

/** What a hook is told of the resource that it is called for. */
export interface HookSubject extends Pick<RecordedResource, "urn" | "type" | "name"> {
  readonly id: string;
  readonly new?: SubjectState;
  readonly old?: SubjectState;
}

interface SubjectState extends Pick<RecordedResource, "inputs" | "secretPaths"> {
  readonly outputs?: Properties;
}

interface Hook {
  readonly callback: Callback;
  readonly ignoresErrors: boolean;
}

/** How often an error hook may ask for another try, as in Pulumi's engine. */
const maxTries = 100;

/** The hooks that a program has registered, by name: functions that it wants called when something happens to a resource. */
export class Hooks {
  readonly #callbacks: Callbacks;
  readonly #hooks = new Map<string, Hook>();
  readonly #errorHooks = new Map<string, Callback>();

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
  }

  add(name: string, hook: Hook): void {
    this.#hooks.set(name, hook);
  }

  addForErrors(name: string, callback: Callback): void {
    this.#errorHooks.set(name, callback);
  }

  /**
   * Calls these hooks one after the other.
   * @returns what those threw whose errors are ignored
   * @throws {OperatorError} with what a hook threw, or for one that is unknown
   */
  async call(names: readonly string[], subject: HookSubject): Promise<string[]> {
    const ignored: string[] = [];
    for (const name of names) {
      const where = `${subject.type} "${subject.name}"`;
      const hook = this.#hooks.get(name);
      if (!hook)
        throw new OperatorError(
          `${where}: the program registers no hook "${name}", which the resource was declared with`,
        );
      const answer = await this.#callbacks.call(hook.callback, hookRequest(subject));
      const error = monitorMessages.ResourceHookResponse.deserializeBinary(answer).getError();
      if (error === "") continue;
      const failure = `${where}: hook "${name}" failed: ${error}`;
      if (!hook.ignoresErrors) throw new OperatorError(failure);
      ignored.push(failure);
    }
    return ignored;
  }

  /** Does something, again as long as an error hook asks for it. @throws {Error} what it threw at last */
  async retrying<T>(names: readonly string[], subject: HookSubject, act: () => T): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return act();
      } catch (error) {
        if (tries === maxTries || !(await this.#asksForAnother(names, subject, error as Error))) throw error;
      }
  }

  async #asksForAnother(names: readonly string[], subject: HookSubject, error: Error): Promise<boolean> {
    let isAsked = false;
    for (const name of names) {
      const callback = this.#errorHooks.get(name);
      if (!callback) continue;
      const request = errorRequest(subject, error.message);
      const response = monitorMessages.ErrorHookResponse.deserializeBinary(
        await this.#callbacks.call(callback, request),
      );
      isAsked ||= response.getRetry();
    }
    return isAsked;
  }
}

function hookRequest(subject: HookSubject) {
  const request = new monitorMessages.ResourceHookRequest();
  describe(request, subject);
  const { new: present, old: former } = subject;
  if (present?.outputs) request.setNewOutputs(writeProperties(present.outputs, present.secretPaths));
  if (former?.outputs) request.setOldOutputs(writeProperties(former.outputs, former.secretPaths));
  return request;
}

function errorRequest(subject: HookSubject, message: string) {
  const { old: former } = subject;
  const request = new monitorMessages.ErrorHookRequest();
  describe(request, subject);
  if (former?.outputs) request.setOldOutputs(writeProperties(former.outputs, former.secretPaths));
  request.setFailedOperation(former ? "update" : "create");
  request.setErrorsList([message]);
  return request;
}

/** What both kinds of requests say of a resource. */
interface Described {
  setUrn(urn: string): unknown;
  setId(id: string): unknown;
  setName(name: string): unknown;
  setType(type: string): unknown;
  setNewInputs(inputs: Struct): unknown;
  setOldInputs(inputs: Struct): unknown;
}

function describe(request: Described, subject: HookSubject): void {
  const { urn, id, name, type, new: present, old: former } = subject;
  request.setUrn(urn);
  request.setId(id);
  request.setName(name);
  request.setType(type);
  if (present) request.setNewInputs(writeProperties(present.inputs, present.secretPaths));
  if (former) request.setOldInputs(writeProperties(former.inputs, former.secretPaths));
}
