import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import engineProtocol from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import monitorProtocol from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { CallError, type GrpcServer, startGrpcServer, unary } from "../protocol/grpc-server.ts";
import { type ReadProperties, writeProperties } from "../protocol/property-values.ts";
import type { Callback } from "./callbacks.ts";
import { registrationOf } from "./registration.ts";
import type { Answer, RunningProgram } from "./running-program.ts";

const features = monitorMessages.ResourceMonitorFeature;

/** What this monitor can do of what programs may ask for, under the protocol's name and the older one. */
const supported: Readonly<Record<string, monitorMessages.ResourceMonitorFeature>> = {
  secrets: features.RESOURCE_MONITOR_FEATURE_SECRETS,
  resourceReferences: features.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  outputValues: features.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  deletedWith: features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  replaceWith: features.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  aliasSpecs: features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  transforms: features.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  invokeTransforms: features.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
  parameterization: features.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
  resourceHooks: features.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  errorHooks: features.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
  invokeDependsOn: features.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
};

/** By the protocol's number. */
const severities = ["debug", "info", "warning", "error"] as const;

/** A line that the program logs through Pulumi. */
export interface LogMessage {
  readonly severity: (typeof severities)[number];
  readonly text: string;
}

/**
 * The engine's side of a program, over gRPC on loopback: its resource monitor and its log. It hands on what the
 * program asks for; a program that calls before there is a run is told to wait.
 */
export class ResourceMonitor {
  readonly #program = Promise.withResolvers<RunningProgram>();
  readonly #onLog: (message: LogMessage) => void;
  #server: GrpcServer | undefined;
  #rootUrn = "";

  constructor(onLog: (message: LogMessage) => void) {
    this.#onLog = onLog;
  }

  /** @returns the address to hand to the program */
  async listen(): Promise<string> {
    this.#server = await startGrpcServer([
      [monitorProtocol.ResourceMonitorService, this.#monitorService()],
      [engineProtocol.EngineService, this.#engineService()],
    ]);
    return this.#server.address;
  }

  /** Answers the program that calls here as this run says. */
  serve(program: RunningProgram): void {
    this.#program.resolve(program);
  }

  close(): void {
    this.#server?.close();
  }

  #monitorService(): UntypedServiceImplementation {
    type Monitor = typeof monitorMessages;
    type Request<Name extends keyof Monitor> = Monitor[Name] extends abstract new () => infer T ? T : never;
    const program = this.#program.promise;
    return {
      getDeploymentInfo: unary(async () => deploymentInfo((await program).identity)),
      supportsFeature: unary((request: Request<"SupportsFeatureRequest">) => {
        const response = new monitorMessages.SupportsFeatureResponse();
        response.setHassupport(Object.hasOwn(supported, request.getId()));
        return response;
      }),
      registerResource: unary(async (request: Request<"RegisterResourceRequest">) => {
        if (request.getRemote()) (await program).refuseRemote(request.getType(), request.getName());
        const transforms = request.getTransformsList();
        return registered(await (await program).register(registrationOf(request), transforms));
      }),
      readResource: unary(async (request: Request<"ReadResourceRequest">) =>
        read(await (await program).read(request)),
      ),
      invoke: unary(async (request: Request<"ResourceInvokeRequest">) => {
        const invoke = { token: request.getTok(), args: request.getArgs(), provider: request.getProvider() };
        const response = new monitorMessages.ResourceInvokeResponse();
        response.setReturn(written(await (await program).invoke(invoke)));
        return response;
      }),
      call: unary(async (request: Request<"ResourceCallRequest">) =>
        (await program).refuseCall(request.getTok()),
      ),
      registerResourceOutputs: unary(async (request: Request<"RegisterResourceOutputsRequest">) => {
        (await program).setOutputs(request.getUrn(), request.getOutputs());
        return new emptyMessages.Empty();
      }),
      registerPackage: unary(async (request: Request<"RegisterPackageRequest">) => {
        const response = new monitorMessages.RegisterPackageResponse();
        response.setRef(`${request.getName()}-${request.getVersion()}`);
        return response;
      }),
      registerStackTransform: unary(async (callback: Callback) => {
        (await program).transforms.addToStack(callback);
        return new emptyMessages.Empty();
      }),
      registerStackInvokeTransform: unary(async (callback: Callback) => {
        (await program).transforms.addToInvokes(callback);
        return new emptyMessages.Empty();
      }),
      registerResourceHook: unary(async (request: Request<"RegisterResourceHookRequest">) => {
        const callback = called(request.getCallback(), request.getName());
        (await program).hooks.add(request.getName(), { callback, ignoresErrors: request.getIgnoreErrors() });
        return new emptyMessages.Empty();
      }),
      registerErrorHook: unary(async (request: Request<"RegisterErrorHookRequest">) => {
        (await program).hooks.addForErrors(
          request.getName(),
          called(request.getCallback(), request.getName()),
        );
        return new emptyMessages.Empty();
      }),
      signalAndWaitForShutdown: unary(async () => {
        await (await program).finish();
        return new emptyMessages.Empty();
      }),
    };
  }

  #engineService(): UntypedServiceImplementation {
    return {
      log: unary((request: InstanceType<typeof engineMessages.LogRequest>) => {
        const severity = severities[request.getSeverity()] ?? "info";
        if (!request.getEphemeral()) this.#onLog({ severity, text: request.getMessage() });
        return new emptyMessages.Empty();
      }),
      setRootResource: unary((request: InstanceType<typeof engineMessages.SetRootResourceRequest>) => {
        this.#rootUrn = request.getUrn();
        return new engineMessages.SetRootResourceResponse();
      }),
      getRootResource: unary(() => {
        const response = new engineMessages.GetRootResourceResponse();
        response.setUrn(this.#rootUrn);
        return response;
      }),
      // Pulumi's own version is that of the program's package here.
      requirePulumiVersion: unary(() => new engineMessages.RequirePulumiVersionResponse()),
    };
  }
}

function deploymentInfo({ project, stack }: RunningProgram["identity"]) {
  const response = new monitorMessages.DeploymentInfo();
  response.setProject(project);
  response.setStack(stack);
  response.setOrganization("organization");
  response.setSupportedfeaturesList(Object.values(supported));
  return response;
}

function registered({ urn, id, state }: Answer) {
  const response = new monitorMessages.RegisterResourceResponse();
  response.setUrn(urn);
  response.setId(id);
  response.setObject(written(state));
  response.setResult(monitorMessages.Result.SUCCESS);
  return response;
}

function read({ urn, state }: Answer) {
  const response = new monitorMessages.ReadResourceResponse();
  response.setUrn(urn);
  response.setProperties(written(state));
  return response;
}

function written({ properties, secretPaths }: Pick<ReadProperties, "properties" | "secretPaths">) {
  return writeProperties(properties, secretPaths);
}

function called(callback: Callback | undefined, name: string): Callback {
  if (!callback) throw new CallError(status.INVALID_ARGUMENT, `hook "${name}" has no callback`);
  return callback;
}
