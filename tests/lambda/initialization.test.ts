import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FunctionDefinition, LogEntry } from "../../local/lambda/lambda-service.ts";
import {
  functionArn,
  functionDefinition,
  lastRequestId,
  ownLines,
  withFunction,
} from "./function-fixture.ts";

describe("INIT phase", () => {
  it("loads every kind of module that Lambda does", async () => {
    const commonJs = "exports.handler = async () => require('./name.json').name";
    const esModule =
      "import { readFileSync } from 'node:fs';" +
      "export const handler = async () => JSON.parse(readFileSync(new URL('./name.json', import.meta.url))).name";
    const json = { "name.json": '{"name":"Ada"}' };
    const packages: [string, FunctionDefinition["files"]][] = [
      ["index.handler", { "index.js": commonJs, ...json }],
      ["index.handler", { "index.cjs": commonJs, ...json }],
      ["index.handler", { "index.mjs": esModule, ...json }],
      ["index.handler", { "index.js": esModule, "package.json": '{"type":"module"}', ...json }],
      ["index.handler", { "index.js": new TextEncoder().encode(commonJs), ...json }],
      ["src/app.handler", { "src/app.js": commonJs, "src/name.json": '{"name":"Ada"}' }],
      ["index.api.handler", { "index.js": "exports.api = { handler: async () => 'Ada' }" }],
      ["index.handler", { "index.mjs": "export default { handler: async () => 'Ada' }" }],
      [
        "index.handler",
        { "index.mjs": "const name = await Promise.resolve('Ada'); export const handler = async () => name" },
      ],
      [
        "index.handler",
        {
          "index.js": "exports.handler = require('lib')",
          "node_modules/lib/index.js": "module.exports = async () => 'Ada'",
        },
      ],
    ];
    await Promise.all(
      packages.map(([handler, files]) =>
        withFunction(functionDefinition("", { handler, files }), async (service) => {
          const result = await service.invoke(functionArn, {});
          assert.deepEqual(result.ok ? result.payload : result, "Ada", Object.keys(files).join());
        }),
      ),
    );
  });

  it("runs once, with its log lines outside any request", async () => {
    const source = "console.log('loading'); exports.handler = async () => console.log('serving')";
    await withFunction(functionDefinition(source), async (service, log) => {
      await service.invoke(functionArn, {});
      await service.invoke(functionArn, {});
      const lines = log.filter(({ stream }) => stream === "stdout");
      assert.deepEqual(
        lines.map(({ line, requestId }) => [line, requestId !== undefined]),
        [
          ["loading", false],
          ["serving", true],
          ["serving", true],
        ],
      );
    });
  });

  it("fails for a module or an export that is not there, with Lambda's errors", async () => {
    const missing = "Require stack:\n- /var/runtime/index.mjs";
    await expectInitError(
      { files: {} },
      "Runtime.ImportModuleError",
      `Error: Cannot find module 'index'\n${missing}`,
    );
    await expectInitError(
      { files: { "index.js": "exports.other = 1" } },
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    );
    await expectInitError(
      { files: { "index.js": "exports.handler = 1" } },
      "Runtime.HandlerNotFound",
      "index.handler is not a function",
    );
    await expectInitError({ handler: "index" }, "Runtime.MalformedHandlerName", "Bad handler");
    await expectInitError(
      { handler: "../index.handler" },
      "Runtime.MalformedHandlerName",
      "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
    );
  });

  it("fails for a missing dependency, broken syntax and a thrown error, with Lambda's errors", async () => {
    const result = await initResult({ files: { "index.js": "require('left-pad')" } });
    assert.equal(result.errorType, "Runtime.ImportModuleError");
    assert.match(
      result.errorMessage,
      /^Error: Cannot find module 'left-pad'\nRequire stack:\n- .*index\.js$/,
    );
    const files = { "index.js": "exports.handler = async () => {" };
    await expectInitError({ files }, "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected end of input");
    const throwing = { "index.js": "throw new RangeError('environment variable TABLE is required')" };
    await expectInitError({ files: throwing }, "RangeError", "environment variable TABLE is required");
  });

  it("refuses a handler with a callback, as Node.js 24 does on Lambda", async () => {
    await expectInitError(
      { files: { "index.js": "exports.handler = (event, context, callback) => callback(null, 1)" } },
      "Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
        "You need to modify this function to use a supported handler signature to use Node.js 24 or later. " +
        "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  });

  it("refuses a handler that streams, which local mode cannot run", async () => {
    await expectInitError(
      { files: { "index.js": "exports.handler = awslambda.streamifyResponse(async (event, stream) => {})" } },
      "Error",
      "index.handler streams its response (awslambda.streamifyResponse): local mode cannot run it",
    );
  });

  it("fails for code that exits while it loads", async () => {
    await expectInitEnd("process.exit(3)", "Runtime exited with error: exit status 3");
  });

  it("fails for code that waits for what never comes", async () => {
    const files = { "index.mjs": "await new Promise(() => {}); export const handler = async () => 1" };
    await expectInitEnd("", "Runtime exited without providing a reason", { files });
  });

  it("fails for an error that nothing catches, and logs its trace", async () => {
    const throwing = "setTimeout(() => { throw new RangeError('later') })";
    const files = { "index.mjs": `${throwing}; await new Promise((resolve) => setTimeout(resolve, 1e6))` };
    const lines = await expectInitEnd("", "Runtime exited with error: exit status 1", { files });
    assert.equal(lines[0], "stderr: Uncaught RangeError: later");
  });

  it("ends at its own time limit, and is tried again within the function's", async () => {
    await withFunction(
      functionDefinition("for (;;);", { timeoutMs: 120 }),
      async (service, log) => {
        assert.deepEqual(await service.invoke(functionArn, {}), {
          ok: false,
          kind: "timeout",
          errorType: "Sandbox.Timedout",
          errorMessage: `RequestId: ${lastRequestId(log)} Error: Task timed out after 0.12 seconds`,
        });
        assert.deepEqual(platformLines(log), [
          "INIT_REPORT Init Duration: # ms\tPhase: init\tStatus: timeout",
          "INIT_REPORT Init Duration: # ms\tPhase: invoke\tStatus: timeout",
          "REPORT RequestId: #\tDuration: 120.00 ms\tBilled Duration: 120 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\tStatus: timeout",
        ]);
      },
      { initLimitMs: 60 },
    );
  });

  it("takes no notice of a package.json above the package", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "above-"));
    writeFileSync(path.join(directory, "package.json"), '{"type":"module"}');
    const { TMPDIR } = process.env;
    process.env.TMPDIR = directory;
    try {
      await withFunction(functionDefinition("exports.handler = async () => 'CommonJS'"), async (service) => {
        const result = await service.invoke(functionArn, {});
        assert.equal(result.ok ? result.payload : result.errorMessage, "CommonJS");
      });
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      rmSync(directory, { recursive: true });
    }
  });

  it("does not count against the function's time limit", async () => {
    const source =
      "const end = Date.now() + 100; while (Date.now() < end); exports.handler = async () => 'in time'";
    await withFunction(functionDefinition(source, { timeoutMs: 90 }), async (service) => {
      const result = await service.invoke(functionArn, {});
      assert.equal(result.ok && result.payload, "in time");
    });
  });

  it("is tried again within the invocation, which then succeeds", async () => {
    const flag = path.join(mkdtempSync(path.join(tmpdir(), "init-")), "flag");
    const source = `const fs = require("node:fs"), flag = ${JSON.stringify(flag)};
      if (!fs.existsSync(flag)) { fs.writeFileSync(flag, ""); throw new Error("not yet") }
      exports.handler = async () => "recovered"`;
    await withFunction(functionDefinition(source), async (service, log) => {
      const result = await service.invoke(functionArn, {});
      assert.equal(result.ok ? result.payload : result.errorMessage, "recovered");
      assert.match(
        ownLines(log).join(),
        /^stderr: Init Error \t\{"errorType":"Error","errorMessage":"not yet",/,
      );
      const [failure, report, ...others] = platformLines(log);
      assert.deepEqual(others, []);
      assert.equal(failure, "INIT_REPORT Init Duration: # ms\tPhase: init\tStatus: error\tError Type: Error");
      assert.match(report ?? "", /^REPORT .* MB$/);
      const next = await service.invoke(functionArn, {});
      assert.equal(next.ok && next.payload, "recovered");
    }).finally(() => rmSync(path.dirname(flag), { recursive: true }));
  });
});

/** The platform's lines, with # for request ids and times that differ from run to run. */
function platformLines(log: readonly LogEntry[]): string[] {
  return log
    .filter(({ stream }) => stream === "platform")
    .map(({ line }) =>
      line.replace(/(?<=RequestId: )[0-9a-f-]{36}/, "#").replace(/(?<=Init Duration: )\d+\.\d\d/, "#"),
    );
}

/** A function that ends its environment both in INIT and when it is tried again. Returns its own lines. */
async function expectInitEnd(
  source: string,
  reason: string,
  overrides: Partial<FunctionDefinition> = {},
): Promise<string[]> {
  let lines: string[] = [];
  await withFunction(functionDefinition(source, overrides), async (service, log) => {
    assert.deepEqual(await service.invoke(functionArn, {}), {
      ok: false,
      kind: "init",
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${lastRequestId(log)} Error: ${reason}`,
    });
    const [init, invoke, report, ...others] = platformLines(log);
    assert.deepEqual(others, []);
    const failed = "Status: error\tError Type: Runtime.ExitError";
    assert.equal(init, `INIT_REPORT Init Duration: # ms\tPhase: init\t${failed}`);
    assert.equal(invoke, `INIT_REPORT Init Duration: # ms\tPhase: invoke\t${failed}`);
    assert.ok(report?.startsWith("REPORT ") && report.endsWith(` MB\t${failed}`), report);
    lines = ownLines(log);
  });
  return lines;
}

async function initResult(overrides: Partial<FunctionDefinition>) {
  let failure: { errorType: string; errorMessage: string } | undefined;
  await withFunction(functionDefinition("", overrides), async (service, log) => {
    const result = await service.invoke(functionArn, {});
    assert.ok(!result.ok);
    assert.equal(result.kind, "init");
    assert.ok(log.at(-1)?.line.endsWith(`\tStatus: error\tError Type: ${result.errorType}`));
    failure = result;
  });
  return failure as { errorType: string; errorMessage: string };
}

async function expectInitError(
  overrides: Partial<FunctionDefinition>,
  errorType: string,
  errorMessage: string,
): Promise<void> {
  const result = await initResult(overrides);
  assert.deepEqual([result.errorType, result.errorMessage], [errorType, errorMessage]);
}
