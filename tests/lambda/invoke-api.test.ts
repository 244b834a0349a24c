import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { Callers, operatorCredentials } from "../../local/account/callers.ts";
import type { RecordedResource } from "../../local/graph/resource-graph.ts";
import { serveInvokeApi } from "../../local/lambda/invoke-api.ts";
import { LambdaService, type LogEntry } from "../../local/lambda/lambda-service.ts";
import { functionDefinitions } from "../../local/stack/function-definitions.ts";
import { allowing, functionArn, functionWith, role } from "../account/account-fixture.ts";
import { withProject } from "../engine/temporary-project.ts";
import { awsCli, awsCliAbsence, awsCliVersion, rawBytes } from "../local/aws-cli.ts";
import { graphOf } from "../resource-graph.ts";
import { skipWithout } from "../skip-without.ts";
import { type InvokeAnswer, type InvokeCall, invoke } from "./invoke-call.ts";

/** Answers with its event, or does what the event wants. */
const source = `
  exports.handler = async (event) => {
    if (event?.log) process.stdout.write(event.log + "\\n");
    if (event?.fail) throw new TypeError(event.fail);
    if (event?.nothing) return undefined;
    return { event };
  };`;

const strangersArn = functionArn.replace("join-1", "stranger");

function joinFunction(name: string, logicalName: string, more: object = {}): RecordedResource {
  const code = { files: { "index.js": source } };
  const one = functionWith({ code, ...more });
  const arn = functionArn.replace("join-1", name);
  return { ...one, name: logicalName, id: name, outputs: { ...one.outputs, name, arn } };
}

/** A function whose role may invoke it and no other, one that is named as the first is in the program, and one that is throttled. */
const graph = graphOf(
  role,
  allowing("lambda:InvokeFunction", functionArn),
  joinFunction("join-1", "join"),
  joinFunction("join", "shadowed"),
  joinFunction("busy-1", "busy", { reservedConcurrentExecutions: 0 }),
);

interface Served {
  readonly port: number;
  readonly lambda: LambdaService;
  close(): Promise<void>;
}

async function serve(callers: Callers, onLog: (entry: LogEntry) => void = () => {}): Promise<Served> {
  const functions = functionDefinitions(graph, callers);
  const lambda = new LambdaService({ functions, hosts: {}, onLog });
  const invoke = (arn: string, event: unknown) => lambda.invoke(arn, event);
  const args = { functions, callers, account: graph.account, invoke };
  const server = createServer((request, response) => {
    if (!serveInvokeApi(args, request, response)) response.writeHead(418).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = async () => {
    server.close();
    await lambda.close();
  };
  return { port: (server.address() as AddressInfo).port, lambda, close };
}

describe("Lambda's Invoke", () => {
  const callers = new Callers(graph);
  const log: LogEntry[] = [];
  let told = Promise.withResolvers<void>();
  let served: Served;
  before(async () => {
    served = await serve(callers, (entry) => {
      log.push(entry);
      if (entry.stream === "stdout") told.resolve();
    });
  });
  after(() => served.close());

  const call = (args: Partial<InvokeCall> = {}) => invoke(served.port, { name: "join-1", ...args });
  const ok = (body: string): InvokeAnswer => ({ status: 200, errorType: null, functionError: null, body });
  const refused = (status: number, errorType: string, body: object): InvokeAnswer => ({
    status,
    errorType,
    functionError: null,
    body: JSON.stringify(body),
  });

  for (const [what, name] of [
    ["name", "join-1"],
    ["ARN", encodeURIComponent(functionArn)],
    ["ARN, not encoded", functionArn],
  ] as const)
    it(`answers with what the function of that ${what} returns`, async () => {
      const before = served.lambda.invocationCount(functionArn);
      assert.deepEqual(await call({ name, payload: '{"a":[1]}' }), ok('{"event":{"a":[1]}}'));
      assert.equal(served.lambda.invocationCount(functionArn), before + 1);
    });

  it("takes the function's name in the program, after all names of functions", async () => {
    assert.deepEqual(await call({ name: "shadowed" }), ok('{"event":{}}'));
    assert.equal(served.lambda.invocationCount(functionArn.replace("join-1", "join")), 1);
    assert.deepEqual(await call({ name: "join" }), ok('{"event":{}}'));
    assert.equal(served.lambda.invocationCount(functionArn.replace("join-1", "join")), 2);
  });

  it("takes an empty payload for an empty event, and answers null for nothing", async () => {
    assert.deepEqual(await call(), ok('{"event":{}}'));
    assert.deepEqual(await call({ payload: "null" }), ok('{"event":null}'));
    assert.deepEqual(await call({ payload: '{"nothing":true}' }), ok("null"));
  });

  it("answers 200 with a function's error, and a header that says so", async () => {
    const { body, ...answer } = await call({ payload: '{"fail":"boom"}' });
    assert.deepEqual(answer, { status: 200, errorType: null, functionError: "Unhandled" });
    const { trace, ...error } = JSON.parse(body);
    assert.deepEqual(error, { errorType: "TypeError", errorMessage: "boom" });
    assert.equal(trace[0], "TypeError: boom");
  });

  it("answers an Event at once, and invokes the function", async () => {
    told = Promise.withResolvers();
    const answer = await call({ invocationType: "Event", payload: '{"log":"an event"}' });
    assert.deepEqual(answer, { ...ok(""), status: 202 });
    await told.promise;
    assert.equal(log.findLast(({ stream }) => stream === "stdout")?.line, "an event");
  });

  it("answers a DryRun after all checks, and invokes nothing", async () => {
    const before = served.lambda.invocationCount(functionArn);
    assert.deepEqual(await call({ invocationType: "DryRun" }), { ...ok(""), status: 204 });
    const { status } = await call({ invocationType: "DryRun", name: "stranger" });
    assert.equal(status, 404);
    assert.equal(served.lambda.invocationCount(functionArn), before);
  });

  it("knows no other type of invocation", async () => {
    assert.deepEqual(
      await call({ invocationType: "Later" }),
      refused(400, "InvalidParameterValueException", {
        Type: "User",
        message:
          "Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [RequestResponse, DryRun, Event]",
      }),
    );
  });

  for (const [name, arn] of [
    ["stranger", strangersArn],
    [strangersArn, strangersArn],
    ["%zz", functionArn.replace("join-1", "%zz")],
    ["constructor", functionArn.replace("join-1", "constructor")],
  ] as const)
    it(`does not find ${name}`, async () =>
      assert.deepEqual(
        await call({ name }),
        refused(404, "ResourceNotFoundException", { Type: "User", Message: `Function not found: ${arn}` }),
      ));

  it("refuses a throttled function", async () =>
    assert.deepEqual(
      await call({ name: "busy-1" }),
      refused(429, "TooManyRequestsException", { Type: "User", message: "Rate Exceeded." }),
    ));

  it("refuses a payload that is no JSON, and invokes nothing", async () => {
    const before = served.lambda.invocationCount(functionArn);
    const { body, ...answer } = await call({ payload: '{"a":' });
    assert.deepEqual(answer, {
      status: 400,
      errorType: "InvalidRequestContentException",
      functionError: null,
    });
    const { Type, message } = JSON.parse(body);
    assert.equal(Type, "User");
    assert.match(message, /^Could not parse request body into json: Unexpected end of JSON input/);
    assert.equal(served.lambda.invocationCount(functionArn), before);
  });

  for (const [invocationType, limit] of [
    ["RequestResponse", 6 * 1024 ** 2],
    ["Event", 1024 ** 2],
  ] as const)
    it(`takes ${limit} bytes for invocation type ${invocationType}, and not one more`, async () => {
      const payload = JSON.stringify({ nothing: "x".repeat(limit - '{"nothing":""}'.length) });
      const { status } = await call({ invocationType, payload });
      assert.equal(status, invocationType === "Event" ? 202 : 200);
      assert.deepEqual(
        await call({ invocationType, payload: `${payload} ` }),
        refused(413, "RequestTooLargeException", {
          Type: "User",
          message: `${limit + 1} byte payload is too large for the ${invocationType} invocation type (limit ${limit} bytes)`,
        }),
      );
    });

  it("refuses an event that is within the limit as it was sent, and beyond it as Lambda keeps it", async () => {
    // 1e20 is 21 digits in the event.
    const payload = JSON.stringify({ nothing: "x".repeat(6 * 1024 ** 2 - 30), n: 0 }).replace(
      '"n":0',
      '"n":1e20',
    );
    const { status, errorType } = await call({ payload });
    assert.deepEqual([status, errorType], [413, "RequestEntityTooLargeException"]);
  });

  it("checks the signature first", async () => {
    const unsigned = await call({ credentials: undefined, name: "stranger", payload: "no JSON" });
    const foreign = await call({ region: "eu-west-1", name: "stranger" });
    const wrong = await call({ credentials: { ...operatorCredentials, secretAccessKey: "wrong" } });
    assert.deepEqual(
      [unsigned, foreign],
      [
        refused(403, "MissingAuthenticationTokenException", { message: "Missing Authentication Token" }),
        refused(403, "InvalidSignatureException", {
          message: "Credential should be scoped to a valid region.",
        }),
      ],
    );
    assert.deepEqual([wrong.status, wrong.errorType], [403, "InvalidSignatureException"]);
  });

  it("is for callers whose policies allow it", async () => {
    const { credentials, arn } = callers.ofFunction(functionArn);
    assert.deepEqual(await call({ credentials }), ok('{"event":{}}'));
    for (const name of ["busy-1", "stranger"])
      assert.deepEqual(
        await call({ credentials, name }),
        refused(403, "AccessDeniedException", {
          Message: `User: ${arn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn.replace("join-1", name)} because no identity-based policy allows the lambda:InvokeFunction action`,
        }),
      );
  });

  it("leaves every other request alone", async () => {
    for (const path of [
      "/",
      "/prod/@connections/a",
      "/2015-03-31/functions",
      "/2015-03-31/functions//invocations",
    ])
      assert.equal((await fetch(`http://127.0.0.1:${served.port}${path}`, { method: "POST" })).status, 418);
    assert.equal((await call({ method: "PUT" })).status, 418);
  });
});

describe("Lambda's Invoke with the AWS CLI", () => {
  let served: Served | undefined;
  before(async function () {
    skipWithout(this, awsCliVersion, awsCliAbsence);
    served = await serve(new Callers(graph));
  });
  after(() => served?.close());

  /** What the CLI writes to the file that it is given, and what it prints. */
  function cli(name: string, payload: string) {
    return withProject({}, async (folder) => {
      const file = join(folder, "answer.json");
      const endpoint = ["--endpoint-url", `http://127.0.0.1:${served?.port}`, "--output", "json"];
      const named = ["--function-name", name, "--payload", payload, ...rawBytes, file];
      const result = await awsCli(["lambda", "invoke", ...endpoint, ...named], operatorCredentials);
      return { ...result, answer: existsSync(file) ? readFileSync(file, "utf8") : undefined };
    });
  }

  it("prints what the function answers, or how it failed", async () => {
    const [answered, failed] = await Promise.all([
      cli(functionArn, '{"a":"é"}'),
      cli("join-1", '{"fail":"boom"}'),
    ]);
    assert.deepEqual([answered.exitCode, answered.stderr], [0, ""]);
    assert.equal(answered.answer, '{"event":{"a":"é"}}');
    const metadata = { StatusCode: 200, ExecutedVersion: "$LATEST" };
    assert.deepEqual(JSON.parse(answered.stdout), metadata);
    assert.deepEqual(JSON.parse(failed.stdout), { ...metadata, FunctionError: "Unhandled" });
    assert.match(failed.answer ?? "", /^\{"errorType":"TypeError","errorMessage":"boom","trace":\[/);
  });

  it("shows a refusal by Lambda's name and message", async () => {
    const { exitCode, stdout, stderr, answer } = await cli("stranger", "{}");
    assert.notEqual(exitCode, 0);
    assert.deepEqual([stdout, answer], ["", undefined]);
    assert.match(
      stderr,
      /An error occurred \(ResourceNotFoundException\) when calling the Invoke operation: Function not found: arn:aws:lambda:us-east-1:123456789012:function:stranger\s*$/,
    );
  });
});
