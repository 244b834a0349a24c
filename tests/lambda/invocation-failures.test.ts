import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  functionArn,
  functionDefinition,
  lastRequestId,
  ownLines,
  withFunction,
} from "./function-fixture.ts";

const holdMegabytes = `exports.handler = async (megabytes) => {
  const kept = [];
  while (kept.length < megabytes * 128) kept.push(new Array(1024).fill(kept.length + 0.5));
  return kept.length;
}`;
const failing = "exports.handler = async (event) => { if (event !== 'fail') return 'recovered'; ";

describe("a failing invocation", () => {
  it("reports a thrown error with its name, message and trace, and keeps the environment", async () => {
    const source = `let count = 0; exports.handler = async () => {
      if (++count === 1) throw new TypeError("no such room");
      return count;
    }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      const result = await service.invoke(functionArn, {});
      assert.ok(!result.ok);
      const { trace, ...rest } = result;
      assert.deepEqual(rest, {
        ok: false,
        kind: "error",
        errorType: "TypeError",
        errorMessage: "no such room",
      });
      assert.equal(trace?.[0], "TypeError: no such room");
      assert.match(trace?.[1] ?? "", /index\.js:2:/);
      const logged = JSON.stringify({ errorType: "TypeError", errorMessage: "no such room", stack: trace });
      assert.deepEqual(ownLines(log), [`stderr: Invoke Error \t${logged}`]);
      assert.match(log.at(-1)?.line ?? "", /^REPORT .*\tInit Duration: \d+\.\d\d ms$/);
      const next = await service.invoke(functionArn, {});
      assert.equal(next.ok && next.payload, 2);
    });
  });

  it("reports a synchronous throw and a thrown value that is no Error", async () => {
    await withFunction(
      functionDefinition("exports.handler = () => { throw 'Unauthorized' }"),
      async (service) => {
        assert.deepEqual(await service.invoke(functionArn, {}), {
          ok: false,
          kind: "error",
          errorType: "string",
          errorMessage: "Unauthorized",
          trace: [],
        });
      },
    );
  });

  it("ends at the time limit, and the next event gets a new environment", async () => {
    const source = `${failing} return new Promise((resolve) => setTimeout(resolve, 10_000)) }`;
    await expectEnd(source, "Sandbox.Timedout", "Task timed out after 0.10 seconds", {
      kind: "timeout",
      status: "Status: timeout",
    });
  });

  it("ends an endless loop at the time limit, with what it logged before", async () => {
    const source = `${failing} console.log("looping"); for (;;); }`;
    const lines = await expectEnd(source, "Sandbox.Timedout", "Task timed out after 0.10 seconds", {
      kind: "timeout",
      status: "Status: timeout",
    });
    assert.deepEqual(lines, ["stdout: looping"]);
  });

  it("ends at the time limit even in a thread that waits for a child process", async () => {
    const flag = path.join(tmpdir(), `child-${process.pid}`);
    const source = `exports.handler = () => require("node:child_process")
      .spawnSync(process.env.NODE, ["--eval", "setTimeout(() => fs.writeFileSync(process.env.FLAG, ''), 600)"])`;
    const environment = { NODE: process.execPath, FLAG: flag };
    await withFunction(functionDefinition(source, { timeoutMs: 50, environment }), async (service) => {
      const result = await service.invoke(functionArn, {});
      assert.equal(result.ok ? "ok" : result.kind, "timeout");
      assert.equal(existsSync(flag), false);
    });
    rmSync(flag);
  });

  it("reports process.exit, with what was logged before", async () => {
    const source = `${failing} process.stdout.write("bye"); process.exit(7) }`;
    const lines = await expectEnd(source, "Runtime.ExitError", "Runtime exited with error: exit status 7");
    assert.deepEqual(lines, ["stdout: bye"]);
  });

  it("reports process.exit(0)", async () => {
    const source = `${failing} process.exit(0) }`;
    await expectEnd(source, "Runtime.ExitError", "Runtime exited without providing a reason");
  });

  it("reports an exhausted memory limit", async () => {
    await withFunction(functionDefinition(holdMegabytes, { memoryMb: 20 }), async (service, log) => {
      const result = await service.invoke(functionArn, 50);
      assert.deepEqual(result, {
        ok: false,
        kind: "error",
        errorType: "Runtime.OutOfMemory",
        errorMessage: `RequestId: ${lastRequestId(log)} Error: Runtime exited with error: signal: killed`,
      });
      assert.match(
        log.at(-1)?.line ?? "",
        /\tMax Memory Used: 20 MB\tInit Duration: \d+\.\d\d ms\tStatus: error\tError Type: Runtime\.OutOfMemory$/,
      );
      const next = await service.invoke(functionArn, 1);
      assert.equal(next.ok && next.payload, 128);
    });
  });

  it("runs the same code within a larger memory limit", async () => {
    await withFunction(functionDefinition(holdMegabytes, { memoryMb: 128 }), async (service) => {
      const result = await service.invoke(functionArn, 50);
      assert.equal(result.ok && result.payload, 6400);
    });
  });

  it("ends at an unhandled rejection instead of giving the result", async () => {
    const source = `${failing} Promise.reject(new Error("lost")); return "never seen" }`;
    const lines = await expectEnd(source, "Runtime.ExitError", "Runtime exited with error: exit status 1", {
      timeoutMs: 3000,
    });
    assert.equal(lines[0], "stderr: Uncaught Error: lost");
    assert.match(lines[1] ?? "", /^stderr: {5}at .*index\.js:1:/);
    assert.equal(lines.at(-1), `stderr: Node.js ${process.version}`);
  });

  it("ends at an uncaught exception", async () => {
    const source = `${failing} setTimeout(() => { throw new RangeError("later") }); return new Promise(() => {}) }`;
    const lines = await expectEnd(source, "Runtime.ExitError", "Runtime exited with error: exit status 1", {
      timeoutMs: 3000,
    });
    assert.equal(lines[0], "stderr: Uncaught RangeError: later");
  });

  it("goes on where the function takes care of such errors itself", async () => {
    const source = `process.on("unhandledRejection", ({ message }) => console.log("rejected", message));
      process.on("uncaughtException", ({ message }) => console.log("thrown", message));
      exports.handler = async () => {
        Promise.reject(new Error("lost"));
        await new Promise((resolve) => setTimeout(() => { setTimeout(resolve); throw new Error("later") }));
        return "done";
      }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      const result = await service.invoke(functionArn, {});
      assert.equal(result.ok && result.payload, "done");
      assert.deepEqual(ownLines(log), ["stdout: rejected lost", "stdout: thrown later"]);
    });
  });

  it("ends at a promise that nothing can settle any more", async () => {
    const source = `${failing} return new Promise(() => {}) }`;
    const reason = "Runtime exited without providing a reason";
    const lines = await expectEnd(source, "Runtime.ExitError", reason, { timeoutMs: 3000 });
    assert.deepEqual(lines, []);
  });

  it("logs what a library hangs on its errors, and a thrown value that is no Error", async () => {
    const source = `exports.handler = async (thrown) => {
      throw thrown ?? Object.assign(new Error("no"), { code: "E_NO", room: 7 });
    }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      await service.invoke(functionArn, undefined);
      await service.invoke(functionArn, "Unauthorized");
      const [first, second, ...others] = ownLines(log).map((line) => {
        const { stack, ...told } = JSON.parse(line.replace("stderr: Invoke Error \t", ""));
        assert.ok(Array.isArray(stack));
        return told;
      });
      assert.deepEqual(others, []);
      assert.deepEqual(first, { errorType: "Error", errorMessage: "no", code: "E_NO", room: 7 });
      assert.deepEqual(second, { errorType: "Error", errorMessage: "Unauthorized" });
    });
  });

  it("reports a result that JSON cannot hold", async () => {
    await withFunction(functionDefinition("exports.handler = async () => 1n"), async (service) => {
      const result = await service.invoke(functionArn, {});
      assert.ok(!result.ok);
      assert.equal(result.errorType, "Runtime.JSONStringifyError");
      assert.equal(result.errorMessage, "Unable to stringify response body");
      assert.equal(result.kind, "error");
    });
  });

  it("accepts a result at the size limit and reports one above it", async () => {
    const source = "exports.handler = async (length) => 'x'.repeat(length - 2)";
    await withFunction(functionDefinition(source), async (service) => {
      assert.equal((await service.invoke(functionArn, 6_291_556)).ok, true);
      assert.deepEqual(await service.invoke(functionArn, 6_291_557), {
        ok: false,
        kind: "error",
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        trace: [],
      });
    });
  });
});

/** A failure that ends the environment: exact result, exact status, and a recovery. Returns the function's lines. */
async function expectEnd(
  source: string,
  errorType: string,
  reason: string,
  { kind = "error", status = `Status: error\tError Type: ${errorType}`, timeoutMs = 100 } = {},
): Promise<string[]> {
  let lines: string[] = [];
  await withFunction(functionDefinition(source, { timeoutMs }), async (service, log) => {
    const result = await service.invoke(functionArn, "fail");
    const errorMessage = `RequestId: ${lastRequestId(log)} Error: ${reason}`;
    assert.deepEqual(result, { ok: false, kind, errorType, errorMessage });
    assert.ok(log.at(-1)?.line.endsWith(`\t${status}`), log.at(-1)?.line);
    lines = ownLines(log);
    const next = await service.invoke(functionArn, {});
    assert.equal(next.ok && next.payload, "recovered");
  });
  return lines;
}
