import { setTimeout } from "node:timers/promises";

/** How long the inspector of a busy process may take to answer. */
const limitMs = 2000;

interface CallFrame {
  readonly functionName: string;
  /** From 0. */
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
}

/**
 * Where a process in an endless loop is, as frames of a stack; none for a process that only waits.
 * @param inspectorUrl of the process, once its inspector listens
 */
export async function busyFrames(inspectorUrl: Promise<string>): Promise<readonly string[]> {
  const limit = setTimeout(limitMs, [], { ref: false });
  return Promise.race([inspectorUrl.then(pausedFrames), limit]);
}

/** Pauses the process. It has to run JavaScript for that. */
function pausedFrames(url: string): Promise<readonly string[]> {
  const socket = new WebSocket(url);
  const scripts = new Map<string, string>();
  return new Promise((resolve) => {
    socket.addEventListener("error", () => resolve([]));
    socket.addEventListener("open", () => {
      for (const [id, method] of ["Debugger.enable", "Debugger.pause"].entries())
        socket.send(JSON.stringify({ id, method }));
    });
    socket.addEventListener("message", ({ data }) => {
      const { method, params } = JSON.parse(String(data));
      if (method === "Debugger.scriptParsed") scripts.set(params.scriptId, params.url);
      if (method !== "Debugger.paused") return;
      resolve(params.callFrames.map((frame: CallFrame) => frameText(frame, scripts)));
      socket.close();
    });
  });
}

function frameText({ functionName, location }: CallFrame, scripts: ReadonlyMap<string, string>): string {
  const position = `${scripts.get(location.scriptId)}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
  return functionName === "" ? `    at ${position}` : `    at ${functionName} (${position})`;
}
