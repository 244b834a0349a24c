import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { OperatorError } from "../../local/operator-error.ts";
import { ProgramRunner } from "../../local/program/program-runner.ts";
import { readStackConfig, type StackConfig } from "../../local/program/stack-config.ts";
import { withProject } from "./temporary-project.ts";

const imports = 'import * as aws from "@pulumi/aws"; import * as pulumi from "@pulumi/pulumi";\n';

describe("the program runner", function () {
  this.timeout(60_000);
  const runner = new ProgramRunner({ account: { accountId: "210987654321" }, runLimitMs: 15_000 });
  let folder: string;
  let stackConfig: StackConfig;
  let done: () => void;
  let used: Promise<void>;
  before(
    () =>
      new Promise<void>((resolve) => {
        const files = { "Pulumi.yaml": "name: sample\nruntime: nodejs\n", "index.ts": "" };
        used = withProject(files, async (path) => {
          folder = path;
          stackConfig = { ...readStackConfig(path, "test"), config: { "aws:region": "us-east-1" } };
          resolve();
          await new Promise<void>((end) => {
            done = end;
          });
        });
      }),
  );
  after(async () => {
    await runner.close();
    done();
    await used;
  });

  function run(source: string, hosts = {}) {
    writeFileSync(join(folder, "index.ts"), imports + source);
    return runner.run(stackConfig, hosts);
  }

  async function untilThreads(count: number): Promise<void> {
    while (runner.threadCount !== count) await new Promise(setImmediate);
  }

  /** What a run fails with: whether the message says all, the name, and the message. */
  async function failure(source: string): Promise<[isExpected: boolean, name: string, message: string]> {
    const error = await run(source).then(
      () => assert.fail("it ran"),
      (reason) => reason,
    );
    assert.ok(error instanceof Error);
    return [error instanceof OperatorError, error.name, error.message];
  }

  it("runs what is on disk now, modules that the program imports included", async () => {
    const sizes = [];
    for (const size of [1, 2]) {
      writeFileSync(join(folder, "size.ts"), `export const size: number = ${size};`);
      const { outputs } = await run('export { size } from "./size.ts";');
      sizes.push(outputs.size);
    }
    assert.deepEqual(sizes, [1, 2]);
  });

  it("returns what the program declares, in the account that it is given, without outputs that are no data", async () => {
    const graph = await run(
      'export const { arn } = new aws.cloudwatch.LogGroup("a"); export const twice = (n: number) => n * 2;',
    );
    assert.deepEqual(
      graph.resources.map(({ type, name }) => [type, name]),
      [["aws:cloudwatch/logGroup:LogGroup", "a"]],
    );
    assert.deepEqual(Object.keys(graph.outputs), ["arn"]);
    assert.match(graph.outputs.arn, /^arn:aws:logs:us-east-1:210987654321:log-group:a-[0-9a-f]{7}$/);
  });

  it("sends the program's calls to AWS hosts to their local ports", async () => {
    const server = createServer((request, response) => response.end(request.headers.host));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    const { outputs } = await run(
      'export const host = await (await fetch("https://keys.amazonaws.com/")).text();',
      { "keys.amazonaws.com": { port } },
    );
    server.close();
    assert.equal(outputs.host, "keys.amazonaws.com");
  });

  it("tells the operator's errors from others, with the messages that a run in this thread has", async () => {
    assert.deepEqual(await failure('throw new pulumi.RunError("color is not set");'), [
      true,
      "RunError",
      "color is not set",
    ]);
    const [isExpected, name, message] = await failure(
      'new aws.apigatewayv2.Authorizer("a", { apiId: "none", authorizerType: "JWT", name: "a" });',
    );
    assert.deepEqual([isExpected, name], [true, "RefusedResourceError"]);
    assert.match(message, /^aws:apigatewayv2\/authorizer:Authorizer "a": /);
    assert.deepEqual(await failure('throw new TypeError("boom");'), [false, "TypeError", "boom"]);
    const error = await run('throw new TypeError("boom");').catch((reason) => reason);
    assert.match(error.stack, /^TypeError: boom\n {4}at file:\/\/.+\/index\.ts/);
  });

  it("tells of a program that ends its process, and goes on", async () => {
    assert.deepEqual(await failure("process.exit(3);"), [
      true,
      "Error",
      "the program ended its process, with exit code 3, before its run was over",
    ]);
    assert.deepEqual((await run("export const ok = true;")).outputs, { ok: true });
  });

  it("has as many threads in waiting as there are programs", async () => {
    const runner = new ProgramRunner({ programCount: 2 });
    runner.prepare();
    runner.prepare();
    assert.equal(runner.threadCount, 2);
    await runner.close();
    assert.equal(runner.threadCount, 0);
  });

  it("has one thread in waiting once it is prepared, and none that has run", async () => {
    await untilThreads(0);
    runner.prepare();
    runner.prepare();
    assert.equal(runner.threadCount, 1);
    await run("setInterval(() => {}, 1000);");
    await untilThreads(0);
  });
});

describe("a program runner with a limit", () => {
  it("gives up a program that does not end, and ends its thread", async () => {
    const files = { "Pulumi.yaml": "name: sample\nruntime: nodejs\n", "index.ts": "while (true);" };
    await withProject(files, async (folder) => {
      const runner = new ProgramRunner({ runLimitMs: 50 });
      const stackConfig = { ...readStackConfig(folder, "test"), config: { "aws:region": "us-east-1" } };
      await assert.rejects(
        runner.run(stackConfig, {}),
        new OperatorError("the program did not end within 0.05 s"),
      );
      while (runner.threadCount > 0) await new Promise(setImmediate);
    });
  });
});

describe("a program runner that closes", () => {
  it("fails the run that is under way, and every later one", async () => {
    const files = { "Pulumi.yaml": "name: sample\nruntime: nodejs\n", "index.ts": "while (true);" };
    await withProject(files, async (folder) => {
      const runner = new ProgramRunner();
      const stackConfig = { ...readStackConfig(folder, "test"), config: { "aws:region": "us-east-1" } };
      const failed = assert.rejects(runner.run(stackConfig, {}), OperatorError);
      await runner.close();
      await failed;
      assert.equal(runner.threadCount, 0);
      await assert.rejects(runner.run(stackConfig, {}), new Error("the program runner is closed"));
      runner.prepare();
      assert.equal(runner.threadCount, 0);
    });
  });
});
