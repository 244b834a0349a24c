import { workerData } from "node:worker_threads";

const { held, onMs, periodMs } = workerData as { held: Int32Array; onMs: number; periodMs: number };

// A thread of its own: it sleeps with a precision of microseconds, which timers do not have.
for (;;) {
  Atomics.wait(held, 0, 0);
  const pid = Atomics.load(held, 0);
  if (pid !== 0) holdBack(pid);
}

function holdBack(pid: number): void {
  signal(pid, "SIGSTOP");
  Atomics.store(held, 1, 1);
  Atomics.notify(held, 1);
  let periodStart = performance.now();
  while (Atomics.load(held, 0) === pid) {
    signal(pid, "SIGCONT");
    sleepUntil(periodStart + onMs, pid);
    signal(pid, "SIGSTOP");
    periodStart += periodMs;
    sleepUntil(periodStart, pid);
  }
  signal(pid, "SIGCONT");
}

/** Wakes early when the process is released. */
function sleepUntil(time: number, pid: number): void {
  Atomics.wait(held, 0, pid, Math.max(0, time - performance.now()));
}

function signal(pid: number, name: "SIGCONT" | "SIGSTOP"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
