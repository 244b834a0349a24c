import assert from "node:assert/strict";
import {
  functionArn,
  functionDefinition,
  meet,
  ownLines,
  withFunction,
  withMeeting,
} from "./function-fixture.ts";

describe("the log of a function", () => {
  it("has every line once, in order, whole, and before the result", async () => {
    const source = `exports.handler = async () => {
      console.log("one\\ntwo");
      console.error("three");
      process.stdout.write("fo"); process.stdout.write(Buffer.from("ur\\nfi")); process.stdout.write("ve\\n");
      process.stderr.write("73 69 78 0a".replaceAll(" ", ""), "hex");
      console.info({ seven: 7 });
      console.warn("");
      process.stdout.write("nine");
    }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      await service.invoke(functionArn, {});
      assert.deepEqual(ownLines(log), [
        "stdout: one",
        "stdout: two",
        "stderr: three",
        "stdout: four",
        "stdout: five",
        "stderr: six",
        "stdout: { seven: 7 }",
        "stderr: ",
        "stdout: nine",
      ]);
    });
  });

  it("takes what is written to descriptors 1 and 2, and keeps characters whole", async () => {
    const source = `const fs = require("node:fs"); exports.handler = async () => {
      const bytes = Buffer.from("caf\\u00e9\\n");
      const written = [fs.writeSync(1, bytes.subarray(0, 4)), fs.writeSync(1, bytes.subarray(4))];
      written.push(await new Promise((resolve) => fs.write(2, "later\\n", (error, count) => resolve(count))));
      await new Promise((resolve) => process.stdout.write("done\\n", resolve));
      return written;
    }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      const result = await service.invoke(functionArn, {});
      assert.deepEqual(result.ok && result.payload, [4, 2, 6]);
      assert.deepEqual(ownLines(log), ["stdout: café", "stderr: later", "stdout: done"]);
    });
  });

  it("has Lambda's levels for what the console writes, and none for the streams", async () => {
    const source = `exports.handler = async () => {
      for (const name of ["trace", "debug", "info", "log", "warn", "error", "fatal"]) console[name]("%s:\\n%d", name, 1);
      process.stdout.write("raw\\n");
    }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      await service.invoke(functionArn, {});
      const lines = log.filter(({ stream }) => stream !== "platform");
      assert.deepEqual(
        lines.map(({ level = "-", line }) => `${level} ${line}`),
        [
          ...[
            "TRACE trace:",
            "TRACE 1",
            "DEBUG debug:",
            "DEBUG 1",
            "INFO info:",
            "INFO 1",
            "INFO log:",
            "INFO 1",
          ],
          ...["WARN warn:", "WARN 1", "ERROR error:", "ERROR 1", "FATAL fatal:", "FATAL 1", "- raw"],
        ],
      );
    });
  });

  it("is JSON records where the function asks for them, from its level on", async () => {
    const source = `console.info("loading"); exports.handler = async () => {
      console.debug("hidden"); console.info("%s", "one"); console.info({ room: 7 });
      console.warn("two %s", "2", new TypeError("no"));
      console.error(Object.assign(new RangeError("far"), { code: "E_FAR" }));
      console.info(Object.assign([], { 0: 1n })); throw new Error("broken");
    }`;
    const logging = { format: "JSON" } as const;
    await withFunction(functionDefinition(source, { logging }), async (service, log) => {
      await service.invoke(functionArn, {});
      const records = log.map(({ line }) => JSON.parse(line));
      const report = records.pop();
      const requestId = log.at(-1)?.requestId;
      const told = records.map(({ timestamp, stackTrace, message, ...record }) => {
        assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        if (typeof message === "object") delete message.stackTrace;
        return { ...record, message, ...(stackTrace && { first: stackTrace[0] }) };
      });
      assert.deepEqual(told, [
        { level: "INFO", requestId: "-", message: "loading" },
        { level: "INFO", requestId, message: "one" },
        { level: "INFO", requestId, message: { room: 7 } },
        {
          level: "WARN",
          requestId,
          message: told[3]?.message,
          errorType: "TypeError",
          errorMessage: "no",
          first: "TypeError: no",
        },
        {
          level: "ERROR",
          requestId,
          message: { errorType: "RangeError", errorMessage: "far", code: "E_FAR" },
        },
        { level: "INFO", requestId, message: "[ 1n ]" },
        { level: "ERROR", requestId, message: { errorType: "Error", errorMessage: "broken" } },
      ]);
      assert.match(told[3]?.message, /^two 2 TypeError: no\n/);
      const { time, type, record } = report;
      assert.match(time, /Z$/);
      const { durationMs, billedDurationMs, maxMemoryUsedMB, initDurationMs, ...metrics } = record.metrics;
      assert.deepEqual([type, record.requestId, record.status], ["platform.report", requestId, "success"]);
      assert.deepEqual(metrics, { memorySizeMB: 128 });
      assert.equal(billedDurationMs, Math.ceil(durationMs + initDurationMs));
      assert.ok(maxMemoryUsedMB > 0);
    });
  });

  it("is JSON for a failed INIT, too, and says which level the function asked for", async () => {
    const source =
      "console.error('hidden'); console.fatal(process.env.AWS_LAMBDA_LOG_LEVEL); process.exit(2)";
    const logging = { format: "JSON", level: "FATAL" } as const;
    await withFunction(functionDefinition(source, { logging }), async (service, log) => {
      await service.invoke(functionArn, {});
      const [message, init] = log.map(({ line }) => JSON.parse(line));
      assert.deepEqual([message.level, message.message], ["FATAL", "FATAL"]);
      const { time, type, record } = init;
      assert.match(time, /Z$/);
      const { metrics, ...rest } = record;
      assert.ok(metrics.durationMs > 0);
      assert.deepEqual(
        [type, rest],
        [
          "platform.initReport",
          { initializationType: "on-demand", phase: "init", status: "error", errorType: "Runtime.ExitError" },
        ],
      );
    });
  });

  it("keeps lines of overlapping events apart by request id", async () => {
    const source = `exports.handler = async (name, { awsRequestId }) => {
      console.log(name, "start", awsRequestId);
      ${meet};
      console.log(name, "end", awsRequestId);
    }`;
    await withMeeting(2, functionDefinition(source), async (service, log) => {
      await Promise.all(["a", "b"].map((name) => service.invoke(functionArn, name)));
      const lines = log.filter(({ stream }) => stream === "stdout");
      assert.equal(lines.length, 4);
      assert.equal(new Set(lines.map(({ requestId }) => requestId)).size, 2);
      for (const { line, requestId, logicalName } of lines) {
        assert.ok(line.endsWith(` ${requestId}`), line);
        assert.equal(logicalName, "greet");
      }
    });
  });

  it("ends each event with Lambda's REPORT line, the first one with the INIT time", async () => {
    await withFunction(functionDefinition("exports.handler = async () => 1"), async (service, log) => {
      await service.invoke(functionArn, {});
      await service.invoke(functionArn, {});
      const [first, second, ...others] = log.map(({ line }) => line);
      assert.deepEqual(others, []);
      const common = String.raw`^REPORT RequestId: [0-9a-f-]{36}\tDuration: (\d+\.\d\d) ms\tBilled Duration: (\d+) ms\tMemory Size: 128 MB\tMax Memory Used: ([1-9]\d*) MB`;
      const [, durationMs, billedMs, , initMs] =
        new RegExp(String.raw`${common}\tInit Duration: (\d+\.\d\d) ms$`).exec(first ?? "") ?? [];
      assert.ok(Math.abs(Number(billedMs) - Number(durationMs) - Number(initMs)) <= 1.01, first);
      assert.match(second ?? "", new RegExp(`${common}$`));
    });
  });

  it("leaves the host's own output alone", async () => {
    const written: unknown[] = [];
    const { stdout, stderr } = process;
    const originals = [stdout.write, stderr.write] as const;
    stdout.write = stderr.write = (chunk: unknown) => written.push(chunk) > 0;
    try {
      const source =
        "exports.handler = async () => { console.log('hidden'); process.emitWarning('hidden too'); process.stdout.end('dropped') }";
      await withFunction(functionDefinition(source), async (service, log) => {
        await service.invoke(functionArn, {});
        assert.equal(ownLines(log)[0], "stdout: hidden");
      });
    } finally {
      [stdout.write, stderr.write] = originals;
    }
    assert.deepEqual(written, []);
  });
});
