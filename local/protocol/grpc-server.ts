import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** Answers one call of a service; what it throws becomes the call's error. `caller` is the address that it comes from. */
export type Handler<Request, Response> = (request: Request, caller: string) => Response | Promise<Response>;

/** A call that is refused with a status of gRPC; any other error is `UNKNOWN`. */
export class CallError extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** A gRPC server on loopback. */
export interface GrpcServer {
  /** Like 127.0.0.1:41234. */
  readonly address: string;
  readonly port: number;
  close(): void;
}

/** @param port 0 for any free one. @throws {Error} with code EADDRINUSE if the port is taken */
export async function startGrpcServer(
  services: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[],
  port = 0,
): Promise<GrpcServer> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  for (const [definition, implementation] of services) server.addService(definition, implementation);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, boundPort) =>
      error
        ? reject(Object.assign(error, /EADDRINUSE/.test(error.message) && { code: "EADDRINUSE" }))
        : resolve(boundPort),
    );
  });
  return { address: `127.0.0.1:${bound}`, port: bound, close: () => server.forceShutdown() };
}

/** A handler as gRPC calls it. */
export function unary<Request, Response>(
  handler: Handler<Request, Response>,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await handler(call.request, call.getPeer()));
    } catch (error) {
      const code = error instanceof CallError ? error.code : status.UNKNOWN;
      callback({ code, details: error instanceof Error ? error.message : String(error) });
    }
  };
}
