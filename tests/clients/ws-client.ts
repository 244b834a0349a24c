import { once } from "node:events";
import { open } from "../test-stack.ts";
import type { Client } from "./client.ts";
import { Inbox } from "./inbox.ts";

/** The npm package `ws`. */
export const wsClient: Client = {
  async open(url, offer) {
    const socket = await open(url, offer);
    const inbox = new Inbox();
    socket.on("message", (data) => inbox.add(data.toString()));
    const closed = once(socket, "close").then(([code, reason]) => [code, reason.toString()] as const);
    return {
      subprotocol: socket.protocol,
      extensions: socket.extensions.replace(/;.*/, ""),
      send: (...frames) => {
        for (const [i, frame] of frames.entries()) socket.send(frame, { fin: i === frames.length - 1 });
      },
      next: () => inbox.next(),
      closed: () => closed,
    };
  },
};
