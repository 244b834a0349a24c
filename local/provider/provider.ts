import {
  type ServerWritableStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerProtocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { CallError, type GrpcServer, type Handler, startGrpcServer, unary } from "../protocol/grpc-server.ts";
import { readProperties } from "../protocol/property-values.ts";
import { check } from "./check.ts";
import { create } from "./create.ts";
import { deleteResource } from "./delete.ts";
import { diff } from "./diff.ts";
import { invoke } from "./invoke.ts";
import { checkConfig, diffConfig } from "./provider-config.ts";
import { ProviderConfigurations } from "./provider-configurations.ts";
import { type ProviderArgs, ProviderContext } from "./provider-context.ts";
import { read } from "./read.ts";
import { providerVersion, schema } from "./schema.ts";
import { update } from "./update.ts";

// biome-ignore lint/suspicious/noExplicitAny: each method of the protocol has its own pair of messages
type AnyHandler = Handler<any, unknown>;

const service = providerProtocol.ResourceProviderService as unknown as ServiceDefinition;

/**
 * Offers the emulated AWS to Pulumi engines, which attach it with `PULUMI_DEBUG_PROVIDERS=aws:<port>`.
 * @param port 0 for any free one. @throws {Error} with code EADDRINUSE if the port is taken
 */
export function startProvider(args: ProviderArgs, port: number): Promise<GrpcServer> {
  return startGrpcServer([[service, providerService(args)]], port);
}

/** The methods of a ResourceProvider; those that are not emulated say so by name. */
export function providerService(args: ProviderArgs): UntypedServiceImplementation {
  const handlers: Readonly<Record<string, AnyHandler>> = providerHandlers(args);
  return Object.fromEntries(
    Object.entries(service).map(([name, { path, responseStream }]) => {
      const handler = handlers[name];
      if (handler) return [name, unary(handler)];
      const refusal = new CallError(
        status.UNIMPLEMENTED,
        `${path.split("/").at(-1)} is not emulated by local mode's provider`,
      );
      return [name, responseStream ? refuseStream(refusal) : unary(() => Promise.reject(refusal))];
    }),
  );
}

/** Each method that is emulated, as a function of its request and of the caller's address. */
export function providerHandlers(args: ProviderArgs) {
  const configurations = new ProviderConfigurations(args.account.home);
  const inContext =
    <Request, Response>(handle: (request: Request, context: ProviderContext) => Response) =>
    (request: Request, caller: string) =>
      handle(request, new ProviderContext(args, configurations.of(caller)));
  return {
    handshake: () =>
      new providerMessages.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setSupportsAutonamingConfiguration(true),
    attach: () => new emptyMessages.Empty(),
    getPluginInfo: () => new pluginMessages.PluginInfo().setVersion(providerVersion()),
    getSchema: () => new providerMessages.GetSchemaResponse().setSchema(schema()),
    checkConfig: (request: InstanceType<typeof providerMessages.CheckRequest>) =>
      checkConfig(request, args.account.home),
    diffConfig,
    configure: (request: InstanceType<typeof providerMessages.ConfigureRequest>, caller: string) => {
      configurations.set(caller, readProperties(request.getArgs()).properties);
      return new providerMessages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    },
    check: inContext(check),
    diff,
    create: inContext(create),
    update: inContext(update),
    delete: inContext(deleteResource),
    read: inContext(read),
    invoke: inContext(invoke),
    cancel: () => new emptyMessages.Empty(),
  };
}

function refuseStream({ code, message }: CallError) {
  return (stream: ServerWritableStream<unknown, unknown>) => stream.emit("error", { code, details: message });
}
