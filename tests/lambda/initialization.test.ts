import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FunctionDefinition } from "../../local/lambda/lambda-service.ts";
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

  it("fails for code that exits while it loads", async () => {
    await withFunction(functionDefinition("process.exit(3)"), async (service, log) => {
      assert.deepEqual(await service.invoke(functionArn, {}), {
        ok: false,
        kind: "init",
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: ${lastRequestId(log)} Error: Runtime exited with error: exit status 3`,
      });
    });
  });

  it("ends at its own time limit", async () => {
    const definition = functionDefinition("for (;;);");
    await withFunction(
      definition,
      async (service, log) => {
        assert.deepEqual(await service.invoke(functionArn, {}), {
          ok: false,
          kind: "init",
          errorType: "Sandbox.Timedout",
          errorMessage: `RequestId: ${lastRequestId(log)} Error: Task timed out after 0.15 seconds`,
        });
      },
      { initLimitMs: 150 },
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

  it("is tried again by the next event", async () => {
    const flag = path.join(tmpdir(), `init-${process.pid}`);
    const source = `if (!require("node:fs").existsSync(${JSON.stringify(flag)})) throw new Error("not yet");
      exports.handler = async () => "recovered"`;
    await withFunction(functionDefinition(source), async (service, log) => {
      const first = await service.invoke(functionArn, {});
      assert.deepEqual(first.ok ? "ok" : [first.kind, first.errorType, first.errorMessage], [
        "init",
        "Error",
        "not yet",
      ]);
      assert.match(
        ownLines(log).join(),
        /^stderr: Init Error \t\{"errorType":"Error","errorMessage":"not yet",/,
      );
      writeFileSync(flag, "");
      const next = await service.invoke(functionArn, {});
      assert.equal(next.ok && next.payload, "recovered");
    }).finally(() => rmSync(flag, { force: true }));
    assert.equal(existsSync(flag), false);
  });
});

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
