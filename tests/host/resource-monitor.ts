import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import engineProtocol from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import monitorProtocol from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { AwsAccount, Properties } from "../../local/graph/resource-graph.ts";
import { type MockMonitor, ResourceRecorder } from "../mocks/resource-recorder.ts";

/** A resource as the program registered it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  /** In a preview, what is not known yet is Pulumi's marker for that. */
  readonly inputs: Properties;
}

/** A line that the Pulumi CLI would show. */
export interface LogLine {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
}

export interface ResourceMonitorArgs {
  readonly project: string;
  readonly stack: string;
  readonly account: AwsAccount;
  /** Answers as `pulumi preview` does: no id, and nothing that only AWS could know. */
  readonly preview: boolean;
  /** Leaves out of what is read each property that is empty, as a provider may. */
  readonly omitEmpty?: boolean;
  /** What StackReferences read, by `project/stack`. */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
}

type Monitor = MockMonitor & Record<"getDeploymentInfo" | "invoke" | "registerPackage", Handler>;
// biome-ignore lint/suspicious/noExplicitAny: each method of the protocol has its own pair of messages
type Handler = (request: any, callback: any) => unknown;
type RegisterRequest = InstanceType<typeof monitorMessages.RegisterResourceRequest>;
type OutputsRequest = InstanceType<typeof monitorMessages.RegisterResourceOutputsRequest>;
type ReadResponse = InstanceType<typeof monitorMessages.ReadResourceResponse>;
type LogRequest = InstanceType<typeof engineMessages.LogRequest>;

const stackType = "pulumi:pulumi:Stack";
/** By the protocol's number; the CLI shows debug lines, which have number 0, only when told to. */
const severities = [undefined, "info", "warning", "error"] as const;

/**
 * What `pulumi up` puts behind a program: the resource monitor and the engine's log, over gRPC on loopback.
 * Resources are answered by the recorder of local mode, so both see a program alike.
 * One at a time: Pulumi's mocks keep their state in globals.
 */
export class ResourceMonitor {
  readonly logs: LogLine[] = [];
  /** The outputs of the stack, once the program has ended well. */
  outputs: Properties | undefined;
  /** `performance.now()` at the latest registration. */
  lastRegistrationAt = 0;
  readonly #args: ResourceMonitorArgs;
  readonly #recorder: ResourceRecorder;
  readonly #previewed: RegisteredResource[] = [];
  readonly #server = new Server({ "grpc.max_receive_message_length": -1 });
  #stackUrn = "";

  constructor(args: ResourceMonitorArgs) {
    this.#args = args;
    this.#recorder = new ResourceRecorder({ ...args, folder: "." });
  }

  /** All but the stack itself, in the order of their registration. */
  get resources(): readonly RegisteredResource[] {
    const all = this.#args.preview ? this.#previewed : this.#recorder.resources;
    return all.filter(({ type }) => type !== stackType);
  }

  /** @returns the address to hand to the program, like 127.0.0.1:41234 */
  async listen(): Promise<string> {
    const { project, stack } = this.#args;
    await pulumi.runtime.setMocks(
      { newResource: (args) => this.#recorder.create(args), call: (args) => this.#recorder.call(args) },
      project,
      stack,
      false,
    );
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    this.#recorder.observe(monitor);
    this.#server.addService(monitorProtocol.ResourceMonitorService, this.#monitorService(monitor));
    this.#server.addService(engineProtocol.EngineService, this.#engineService());
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #monitorService(monitor: Monitor) {
    return {
      getDeploymentInfo: unary(monitor.getDeploymentInfo.bind(monitor)),
      invoke: unary(monitor.invoke.bind(monitor)),
      readResource: unary((request, callback) => {
        this.#noteRegistration(request);
        return monitor.readResource(request, (error: unknown, response: ReadResponse) => {
          if (this.#args.omitEmpty) omitEmpty(response);
          (callback as (error: unknown, response: ReadResponse) => void)(error, response);
        });
      }),
      registerPackage: unary(monitor.registerPackage.bind(monitor)),
      registerResource: unary((request: RegisterRequest, callback) => {
        this.#noteRegistration(request);
        if (request.getType() === stackType) this.#stackUrn = urnOf(monitor, request);
        if (this.#args.preview) callback(null, this.#preview(urnOf(monitor, request), request));
        else monitor.registerResource(request, callback);
      }),
      registerResourceOutputs: unary((request: OutputsRequest, callback) => {
        if (request.getUrn() === this.#stackUrn) this.outputs = request.getOutputs()?.toJavaScript();
        callback(null, new emptyMessages.Empty());
      }),
      signalAndWaitForShutdown: unary((_, callback) => callback(null, new emptyMessages.Empty())),
    };
  }

  /** In memory, a program runs outside of any stack: its topmost resources have no parent. */
  #noteRegistration(request: Pick<RegisterRequest, "getParent" | "setParent">): void {
    this.lastRegistrationAt = performance.now();
    if (request.getParent() === this.#stackUrn) request.setParent("");
  }

  #preview(urn: string, request: RegisterRequest) {
    const object = request.getObject();
    this.#previewed.push({
      type: request.getType(),
      name: request.getName(),
      inputs: object?.toJavaScript() ?? {},
    });
    const response = new monitorMessages.RegisterResourceResponse();
    response.setUrn(urn);
    response.setObject(object);
    return response;
  }

  #engineService() {
    let root = "";
    return {
      log: unary((request: LogRequest, callback) => {
        const severity = severities[request.getSeverity()];
        if (severity) this.logs.push({ severity, message: request.getMessage() });
        callback(null, new emptyMessages.Empty());
      }),
      setRootResource: unary((request, callback) => {
        root = request.getUrn();
        callback(null, new engineMessages.SetRootResourceResponse());
      }),
      getRootResource: unary((_, callback) => {
        const response = new engineMessages.GetRootResourceResponse();
        response.setUrn(root);
        callback(null, response);
      }),
    };
  }
}

function urnOf(monitor: Monitor, request: RegisterRequest): string {
  return monitor.newUrn(request.getParent(), request.getType(), request.getName());
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function unary(handler: Handler): handleUnaryCall<any, any> {
  return (call, callback) => handler(call.request, callback);
}

function omitEmpty(response: ReadResponse): void {
  const fields = response.getProperties()?.getFieldsMap();
  const empty: string[] = [];
  fields?.forEach((value, name) => {
    if (value.hasStringValue() && value.getStringValue() === "") empty.push(name);
  });
  for (const name of empty) fields?.del(name);
}
