import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { functionArn, functionDefinition, meet, withFunction, withMeeting } from "./function-fixture.ts";

const traceId = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/;
const fixture = new URL("function-fixture.ts", import.meta.url).href;

describe("an execution environment", () => {
  it("has the function's variables, Lambda's own, and no others", async () => {
    process.env.HOST_SECRET = "visible to the host only";
    const environment = { TABLE: "rooms", TZ: "Europe/Paris", AWS_REGION: "ignored" };
    const source = "exports.handler = async () => ({ ...process.env })";
    try {
      await withFunction(functionDefinition(source, { environment }), async (service) => {
        const result = await service.invoke(functionArn, {});
        assert.ok(result.ok);
        const { LAMBDA_TASK_ROOT, AWS_LAMBDA_LOG_STREAM_NAME, _X_AMZN_TRACE_ID, ...rest } =
          result.payload as Record<string, string>;
        assert.match(LAMBDA_TASK_ROOT ?? "", /task-/);
        assert.match(_X_AMZN_TRACE_ID ?? "", traceId);
        assert.match(AWS_LAMBDA_LOG_STREAM_NAME ?? "", /\[\$LATEST\]/);
        assert.deepEqual(rest, {
          AWS_ACCESS_KEY_ID: "AKIDLOCAL",
          AWS_DEFAULT_REGION: "us-east-1",
          AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
          AWS_LAMBDA_FUNCTION_NAME: "greeter",
          AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
          AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
          AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/greeter",
          AWS_REGION: "us-east-1",
          AWS_SECRET_ACCESS_KEY: "secret",
          AWS_SESSION_TOKEN: "session",
          AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
          AWS_XRAY_DAEMON_ADDRESS: "169.254.79.129:2000",
          LAMBDA_RUNTIME_DIR: "/var/runtime",
          LANG: "en_US.UTF-8",
          LD_LIBRARY_PATH: `/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:${LAMBDA_TASK_ROOT}:${LAMBDA_TASK_ROOT}/lib:/opt/lib`,
          NODE_PATH: `/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:${LAMBDA_TASK_ROOT}`,
          PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
          TABLE: "rooms",
          TZ: "Europe/Paris",
          _HANDLER: "index.handler",
        });
      });
    } finally {
      delete process.env.HOST_SECRET;
    }
  });

  it("inherits no command-line option of the host", async () => {
    const program = `
      import { functionArn, functionDefinition, withFunction } from ${JSON.stringify(fixture)};
      await withFunction(functionDefinition("exports.handler = async () => process.execArgv"), async (service) => {
        console.log(process.execArgv.length, (await service.invoke(functionArn, {})).payload);
      });`;
    const args = ["--no-deprecation", "--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.equal(stdout, "4 []\n");
  });

  it("is in UTC unless the function says otherwise", async () => {
    await withFunction(
      functionDefinition("exports.handler = async () => process.env.TZ"),
      async (service) => {
        const result = await service.invoke(functionArn, {});
        assert.equal(result.ok && result.payload, ":UTC");
      },
    );
  });

  it("shares no variable or global with the host or another environment", async () => {
    const source = `exports.handler = async () => {
      process.env.MARK = (process.env.MARK ?? "") + "x";
      globalThis.mark = (globalThis.mark ?? "") + "y";
      ${meet};
      return process.env.MARK + globalThis.mark;
    }`;
    await withMeeting(2, functionDefinition(source), async (service) => {
      const results = await Promise.all([1, 2].map(() => service.invoke(functionArn, {})));
      assert.deepEqual(
        results.map((result) => (result.ok ? result.payload : result)),
        ["xy", "xy"],
      );
      assert.equal(process.env.MARK, undefined);
      assert.equal("mark" in globalThis, false);
    });
  });

  it("leaves no timer behind when it is warm", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await withFunction(functionDefinition("exports.handler = async () => 1"), async (service) => {
      await setImmediate();
      const before = timers();
      await service.invoke(functionArn, {});
      assert.equal(timers(), before);
    });
  });

  it("gives the handler Lambda's context", async () => {
    const source = `exports.handler = async (event, context) => ({
      ...context, remaining: context.getRemainingTimeInMillis(), names: Object.keys(context).sort()
    })`;
    await withFunction(functionDefinition(source), async (service) => {
      const result = await service.invoke(functionArn, {});
      assert.ok(result.ok);
      const { awsRequestId, logStreamName, xRayTraceId, remaining, ...rest } = result.payload as Record<
        string,
        unknown
      >;
      assert.match(String(xRayTraceId), traceId);
      assert.match(
        String(awsRequestId),
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
      assert.match(String(logStreamName), /\[\$LATEST\]/);
      assert.ok(Number(remaining) > 2000 && Number(remaining) <= 3000);
      assert.deepEqual(rest, {
        functionName: "greeter",
        functionVersion: "$LATEST",
        invokedFunctionArn: functionArn,
        memoryLimitInMB: "128",
        logGroupName: "/aws/lambda/greeter",
        names: [
          "awsRequestId",
          "clientContext",
          "functionName",
          "functionVersion",
          "getRemainingTimeInMillis",
          "identity",
          "invokedFunctionArn",
          "logGroupName",
          "logStreamName",
          "memoryLimitInMB",
          "tenantId",
          "xRayTraceId",
        ],
      });
    });
  });

  it("gives each event a trace of its own, in the context and in the environment", async () => {
    const source = `exports.handler = async (event, { xRayTraceId }) =>
      [xRayTraceId, process.env._X_AMZN_TRACE_ID === xRayTraceId]`;
    await withFunction(functionDefinition(source), async (service) => {
      const traces = new Set<unknown>();
      for (const event of [1, 2]) {
        const result = await service.invoke(functionArn, event);
        const [trace, isInEnvironment] = result.ok ? (result.payload as unknown[]) : [];
        assert.equal(isInEnvironment, true);
        traces.add(trace);
      }
      assert.equal(traces.size, 2);
    });
  });

  it("is frozen between events: what is due meanwhile happens at the next one, and belongs to it", async () => {
    const source = `let firedAt; exports.handler = async (event) => {
      if (event === "first") return setTimeout(() => { firedAt = Date.now(); console.log("fired") }, 1) && "set";
      while (!firedAt) await new Promise((resolve) => setTimeout(resolve));
      return firedAt;
    }`;
    await withFunction(functionDefinition(source), async (service, log) => {
      await service.invoke(functionArn, "first");
      for (const end = Date.now() + 20; Date.now() < end; );
      const sentAt = Date.now();
      const result = await service.invoke(functionArn, "second");
      assert.ok(result.ok && Number(result.payload) >= sentAt, JSON.stringify(result));
      const fired = log.filter(({ line }) => line === "fired");
      assert.deepEqual(
        fired.map(({ requestId }) => requestId),
        [log.at(-1)?.requestId],
      );
    });
  });

  it("starts relative paths at the package, as /var/task does", async () => {
    const files = {
      "package.json": '{"name":"in the package"}',
      "index.mjs": `
        import fs, { readFileSync } from "node:fs"; import { readFile } from "node:fs/promises"; import path from "node:path";        const name = (text) => JSON.parse(text).name;
        export const handler = async () => [
          name(readFileSync("package.json")), name(await readFile("package.json")),
          name(fs.readFileSync(path.resolve("package.json"))),
          fs.existsSync("tsconfig.json"), process.cwd() === process.env.LAMBDA_TASK_ROOT,
        ]`,
    };
    await withFunction(functionDefinition("", { files }), async (service) => {
      const result = await service.invoke(functionArn, {});
      const name = "in the package";
      assert.deepEqual(result.ok ? result.payload : result, [name, name, name, false, true]);
    });
    assert.equal(existsSync("tsconfig.json"), true);
  });
});
