import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { LambdaService } from "../../local/lambda/lambda-service.ts";
import { functionArn, functionDefinition, meet, withFunction, withMeeting } from "./function-fixture.ts";

describe("LambdaService", () => {
  it("answers with what the handler returns, and how long it took", async () => {
    const source = "exports.handler = async (event) => ({ statusCode: 200, body: event.name })";
    await withFunction(functionDefinition(source), async (service) => {
      const result = await service.invoke(functionArn, { name: "Ada" });
      assert.ok(result.ok);
      assert.deepEqual(result.payload, { statusCode: 200, body: "Ada" });
      assert.ok(result.durationMs > 0 && result.durationMs < 3000);
    });
  });

  it("serializes results as JSON", async () => {
    const source = `exports.handler = (event) => ({
      nothing: undefined, function: () => 1, date: new Date(0), members: { a: undefined, b: NaN }
    })[event]`;
    await withFunction(functionDefinition(source), async (service) => {
      const payloads = [];
      for (const event of ["nothing", "function", "date", "members"]) {
        const result = await service.invoke(functionArn, event);
        payloads.push(result.ok && result.payload);
      }
      assert.deepEqual(payloads, [null, null, "1970-01-01T00:00:00.000Z", { b: null }]);
    });
  });

  it("gives every invocation its own copy of the event", async () => {
    const source = "exports.handler = async (event) => { event.list.push(1); return event.list.length }";
    await withFunction(functionDefinition(source), async (service) => {
      const event = { list: [] };
      const results = [await service.invoke(functionArn, event), await service.invoke(functionArn, event)];
      assert.deepEqual(
        results.map((result) => result.ok && result.payload),
        [1, 1],
      );
      assert.deepEqual(event, { list: [] });
    });
  });

  it("keeps an environment warm from one event to the next", async () => {
    const source = "let count = 0; exports.handler = async () => ++count";
    await withFunction(functionDefinition(source), async (service) => {
      const results = [await service.invoke(functionArn, {}), await service.invoke(functionArn, {})];
      assert.deepEqual(
        results.map((result) => result.ok && result.payload),
        [1, 2],
      );
    });
  });

  it("grows the pool for events that overlap, each in an environment of its own", async () => {
    const source = `let count = 0; exports.handler = async () => {
      count += 1;
      ${meet};
      return process.env.AWS_LAMBDA_LOG_STREAM_NAME + " " + count;
    }`;
    await withMeeting(3, functionDefinition(source), async (service) => {
      const results = await Promise.all([1, 2, 3].map(() => service.invoke(functionArn, {})));
      const streams = results.map((result) => (result.ok ? String(result.payload) : result.errorMessage));
      assert.equal(new Set(streams).size, 3, streams.join());
      for (const stream of streams) assert.match(stream, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32} 1$/);
    });
  });

  it("queues short events for a busy environment", async () => {
    const source = "let count = 0; exports.handler = async () => ++count";
    await withFunction(functionDefinition(source), async (service) => {
      const results = await Promise.all([1, 2, 3, 4].map(() => service.invoke(functionArn, {})));
      assert.deepEqual(
        results.map((result) => result.ok && result.payload),
        [1, 2, 3, 4],
      );
    });
  });

  it("throttles what exceeds the reserved concurrency, and does not count it", async () => {
    const source = "exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 20, 'done'))";
    await withFunction(functionDefinition(source, { reservedConcurrency: 1 }), async (service) => {
      const [first, second] = await Promise.all([
        service.invoke(functionArn, {}),
        service.invoke(functionArn, {}),
      ]);
      assert.equal(first.ok, true);
      assert.deepEqual(second, {
        ok: false,
        kind: "throttled",
        errorType: "TooManyRequestsException",
        errorMessage: "Rate Exceeded.",
      });
      assert.equal((await service.invoke(functionArn, {})).ok, true);
      assert.equal(service.invocationCount(functionArn), 2);
    });
  });

  it("throttles every event of a function with a reserved concurrency of 0", async () => {
    const source = "exports.handler = async () => 1";
    await withFunction(functionDefinition(source, { reservedConcurrency: 0 }), async (service) => {
      const result = await service.invoke(functionArn, {});
      assert.equal(result.ok ? "ok" : result.kind, "throttled");
      assert.equal(service.invocationCount(functionArn), 0);
    });
  });

  it("throttles what exceeds the account's concurrency, of which a reserved one is a part", async () => {
    const other = `${functionArn}-other`;
    const source = `exports.handler = async () => { ${meet}; return "done" }`;
    const reserved = functionDefinition(source, { functionArn: other, reservedConcurrency: 1 });
    await withMeeting(
      3,
      functionDefinition(source),
      async (service) => {
        const arns = [other, functionArn, functionArn, functionArn, other];
        const results = await Promise.all(arns.map((arn) => service.invoke(arn, {})));
        assert.deepEqual(
          results.map((result) => (result.ok ? result.payload : result.kind)),
          ["done", "done", "done", "throttled", "throttled"],
        );
      },
      { concurrency: 3, more: [reserved] },
    );
  });

  it("takes 1,000 invocations at a time unless told otherwise", async () => {
    const source = "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1e6))";
    await withFunction(functionDefinition(source), async (service) => {
      const calls = Array.from({ length: 1001 }, () => service.invoke(functionArn, {}));
      assert.equal(service.invocationCount(functionArn), 1000);
      assert.deepEqual(await calls.at(-1), {
        ok: false,
        kind: "throttled",
        errorType: "TooManyRequestsException",
        errorMessage: "Rate Exceeded.",
      });
    });
  });

  it("takes an event of 6 MB, and not a byte more", async () => {
    await withFunction(
      functionDefinition("exports.handler = async (event) => event.length"),
      async (service) => {
        const event = "x".repeat(6 * 1024 * 1024 - 2);
        const result = await service.invoke(functionArn, event);
        assert.equal(result.ok && result.payload, event.length);
        assert.deepEqual(await service.invoke(functionArn, `${event}x`), {
          ok: false,
          kind: "tooLarge",
          errorType: "RequestEntityTooLargeException",
          errorMessage: "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        });
        assert.equal(service.invocationCount(functionArn), 1);
      },
    );
  });

  it("counts invocations per function", async () => {
    await withFunction(functionDefinition("exports.handler = async () => 1"), async (service) => {
      await service.invoke(functionArn, {});
      await service.invoke(functionArn, {});
      assert.equal(service.invocationCount(functionArn), 2);
      assert.equal(service.invocationCount("arn:aws:lambda:us-east-1:123456789012:function:other"), 0);
    });
  });

  it("rejects for a function that does not exist", async () => {
    await withFunction(functionDefinition(""), async (service) => {
      const arn = "arn:aws:lambda:us-east-1:123456789012:function:other";
      await assert.rejects(service.invoke(arn, {}), new Error(`Function not found: ${arn}`));
    });
  });

  it("lets running events finish in the replaced code, serves new ones in the new, and removes the old", async () => {
    const taskRoot = Promise.withResolvers<string>();
    const source = `exports.handler = async () => {
      console.log(__dirname);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return "old";
    }`;
    const service = new LambdaService({
      functions: [functionDefinition(source)],
      hosts: {},
      onLog: ({ line, stream }) => stream === "stdout" && taskRoot.resolve(line),
    });
    const running = service.invoke(functionArn, {});
    const directory = await taskRoot.promise;
    const replaced = service.replaceFunctions([functionDefinition("exports.handler = async () => 'new'")]);
    assert.equal(existsSync(directory), true);
    const results = await Promise.all([service.invoke(functionArn, {}), running]);
    assert.deepEqual(
      results.map((result) => result.ok && result.payload),
      ["new", "old"],
    );
    assert.equal(service.invocationCount(functionArn), 2);
    await replaced;
    assert.equal(existsSync(directory), false);
    await service.close();
  });

  it("keeps the warm environments of functions that are the same, unless the emulated hosts change", async () => {
    const definition = functionDefinition("let count = 0; exports.handler = async () => ++count");
    await withFunction(definition, async (service) => {
      const payload = async () => {
        const result = await service.invoke(functionArn, {});
        return result.ok ? result.payload : result.errorMessage;
      };
      assert.equal(await payload(), 1);
      await service.replaceFunctions([structuredClone(definition)]);
      assert.equal(await payload(), 2);
      await service.replaceFunctions([definition], { "keys.amazonaws.com": { port: 1 } });
      assert.equal(await payload(), 1);
      await service.replaceFunctions([{ ...definition, memoryMb: 256 }]);
      assert.equal(await payload(), 1);
    });
  });

  it("fails what is in flight when it closes, removes its files, and then refuses events", async () => {
    const taskRoot = Promise.withResolvers<string>();
    const source =
      "exports.handler = () => { console.log(__dirname); return new Promise((r) => setTimeout(r, 2000)) }";
    const service = new LambdaService({
      functions: [functionDefinition(source, { reservedConcurrency: 2 })],
      hosts: {},
      onLog: ({ line, stream }) => stream === "stdout" && taskRoot.resolve(line),
    });
    const running = service.invoke(functionArn, {});
    const waiting = service.invoke(functionArn, {});
    const directory = await taskRoot.promise;
    assert.equal(existsSync(directory), true);
    await service.close();
    for (const result of await Promise.all([running, waiting])) {
      assert.equal(result.ok ? "ok" : result.errorType, "Runtime.ExitError");
    }
    assert.equal(existsSync(directory), false);
    await assert.rejects(service.invoke(functionArn, {}), new Error("the lambda service is closed"));
  });

  it("starts nothing any more when it closes during INIT, and reports no failure of it", async () => {
    const loading = Promise.withResolvers<void>();
    const lines: string[] = [];
    const service = new LambdaService({
      functions: [functionDefinition("console.log('loading'); for (;;);")],
      hosts: {},
      onLog: ({ line }) => {
        lines.push(line);
        loading.resolve();
      },
    });
    const running = service.invoke(functionArn, {});
    await loading.promise;
    await service.close();
    const result = await running;
    assert.equal(result.ok ? "ok" : result.errorType, "Runtime.ExitError");
    assert.deepEqual(lines, ["loading"]);
  });

  it("refuses a runtime that it cannot run", () => {
    const functions = [functionDefinition("", { runtime: "python3.13" })];
    assert.throws(
      () => new LambdaService({ functions, hosts: {} }),
      new Error("function greeter: runtime python3.13 cannot run locally, only nodejs runtimes can"),
    );
  });

  it("refuses a package path outside the package", () => {
    for (const file of ["../index.js", "/etc/passwd", "a/../../b"]) {
      const functions = [functionDefinition("", { files: { [file]: "" } })];
      assert.throws(
        () => new LambdaService({ functions, hosts: {} }),
        new Error(`function greeter: package path ${file} leaves the package`),
      );
    }
  });
});
