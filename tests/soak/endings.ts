import type { WebSocket } from "ws";
import type { EndingKind } from "./plan.ts";

/** How a connection ends: what the client does, the code that it then gets, and what `$disconnect` is told. */
interface Ending {
  readonly code: number;
  readonly told: number;
  readonly begin: (socket: WebSocket) => void;
}

const frameLimitBytes = 32 * 1024;

/** What a client may do to end its connection by itself. */
export const endings: Readonly<Record<Exclude<EndingKind, "delete" | "serverCloses">, Ending>> = {
  noCode: { code: 1005, told: 1005, begin: (socket) => socket.close() },
  normal: { code: 1000, told: 1000, begin: (socket) => socket.close(1000) },
  ownCode: { code: 4001, told: 4001, begin: (socket) => socket.close(4001, "enough") },
  terminate: { code: 1006, told: 1006, begin: (socket) => socket.terminate() },
  binary: { code: 1003, told: 1003, begin: (socket) => socket.send(Buffer.from("{}")) },
  longFrame: {
    code: 1009,
    told: 1009,
    begin: (socket) => socket.send("x".repeat(frameLimitBytes + 1), { compress: false }),
  },
  longMessage: {
    code: 1009,
    told: 1009,
    begin: (socket) => {
      for (let sent = 1; sent <= 5; sent++)
        socket.send("x".repeat(frameLimitBytes), { compress: false, fin: sent === 5 });
    },
  },
};
