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
