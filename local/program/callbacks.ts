import { credentials } from "@grpc/grpc-js";
import callbackProtocol from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackMessages from "@pulumi/pulumi/proto/callback_pb.js";

export type Callback = InstanceType<typeof callbackMessages.Callback>;
type Client = InstanceType<typeof callbackProtocol.CallbacksClient>;

/** A message of the protocol that can be sent. */
interface Message {
  serializeBinary(): Uint8Array;
}

/** Calls back into programs: their transforms and hooks run where they were written. */
export class Callbacks {
  readonly #clients = new Map<string, Client>();

  /**
   * Calls one function of a program.
   * @returns its answer, as it is sent
   * @throws {Error} what the function threw
   */
  call(callback: Callback, request: Message): Promise<Uint8Array> {
    const message = new callbackMessages.CallbackInvokeRequest();
    message.setToken(callback.getToken());
    message.setRequest(request.serializeBinary());
    return new Promise((resolve, reject) => {
      this.#client(callback.getTarget()).invoke(message, (error, response) => {
        if (error) reject(new Error(error.details));
        else resolve(response.getResponse_asU8());
      });
    });
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(target: string): Client {
    const client =
      this.#clients.get(target) ??
      new callbackProtocol.CallbacksClient(target, credentials.createInsecure(), {
        "grpc.max_receive_message_length": -1,
        "grpc.max_send_message_length": -1,
      });
    this.#clients.set(target, client);
    return client;
  }
}
