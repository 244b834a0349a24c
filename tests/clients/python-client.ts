import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Client, Session } from "./client.ts";
import { Inbox } from "./inbox.ts";

const script = fileURLToPath(new URL("python-client.py", import.meta.url));

/** What to say where there is none. */
export const pythonAbsence = "no python3 that can import websockets";

/** The Python of this machine that has the package `websockets`. */
export function findPython(): string | undefined {
  return ["python3", "/usr/bin/python3"].find(
    (python) => spawnSync(python, ["-c", "import websockets"]).status === 0,
  );
}

/** What the script prints: one of these in a line. */
interface Event {
  readonly refused?: string;
  readonly subprotocol: string;
  readonly extensions: string;
  readonly message?: string;
  readonly closed?: readonly [number, string];
}

/** Python's package `websockets`, a process for each connection, which ends with it. */
export function pythonClient(python: string): Client {
  return {
    open(url, { headers = {}, protocols = [] }) {
      const child = spawn(python, [script, JSON.stringify([url, headers, protocols])], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const opened = Promise.withResolvers<Session>();
      const closed = Promise.withResolvers<readonly [number, string]>();
      const inbox = new Inbox();
      child.on("error", opened.reject);
      child.on("close", (exitCode) => opened.reject(new Error(`it ended with ${exitCode}`)));
      createInterface(child.stdout).on("line", (line) => {
        const event = JSON.parse(line) as Event;
        if (event.refused !== undefined) opened.reject(new Error(event.refused));
        else if (event.message !== undefined) inbox.add(event.message);
        else if (event.closed) {
          closed.resolve(event.closed);
          child.stdin.end();
        } else
          opened.resolve({
            subprotocol: event.subprotocol,
            extensions: event.extensions,
            send: (...frames) => child.stdin.write(`${JSON.stringify(frames)}\n`),
            next: () => inbox.next(),
            closed: () => closed.promise,
          });
      });
      return opened.promise;
    },
  };
}
