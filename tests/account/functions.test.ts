import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Callers } from "../../local/account/callers.ts";
import { functionPolicies, mayWriteLogs } from "../../local/account/function-rights.ts";
import type { Properties, RecordedResource } from "../../local/graph/resource-graph.ts";
import { functionDefinitions } from "../../local/stack/function-definitions.ts";
import { graphOf, resource } from "../resource-graph.ts";
import { allowing, functionArn, functionWith, role } from "./account-fixture.ts";

function definitions(...resources: RecordedResource[]) {
  const graph = graphOf(role, ...resources);
  return functionDefinitions(graph, new Callers(graph));
}

describe("a function's definition", () => {
  it("has Lambda's defaults for what the program leaves open", () => {
    const [{ credentials, ...definition } = assert.fail("no definition"), ...others] = definitions(
      functionWith(),
    );
    assert.deepEqual(others, []);
    assert.match(credentials.accessKeyId, /^ASIA/);
    assert.deepEqual(definition, {
      functionName: "join-1",
      functionArn,
      logicalName: "join",
      files: { "index.js": "exports.handler = async () => {};" },
      handler: "index.handler",
      runtime: "nodejs24.x",
      memoryMb: 128,
      timeoutMs: 3000,
      environment: {},
      logGroupName: "/aws/lambda/join-1",
      region: "us-east-1",
    });
  });

  it("has what the program says", () => {
    const [definition] = definitions(
      functionWith({
        memorySize: 512,
        timeout: 7,
        environment: { variables: { COLOR: "blue" } },
        loggingConfig: { logFormat: "Text", logGroup: "join-logs" },
        reservedConcurrentExecutions: 0,
      }),
    );
    const { memoryMb, timeoutMs, environment, logGroupName, reservedConcurrency } = definition ?? {};
    assert.deepEqual(
      { memoryMb, timeoutMs, environment, logGroupName, reservedConcurrency },
      {
        memoryMb: 512,
        timeoutMs: 7000,
        environment: { COLOR: "blue" },
        logGroupName: "join-logs",
        reservedConcurrency: 0,
      },
    );
  });

  it("logs JSON where the program asks for it, from the level that it asks for", () => {
    const loggings = [{ logFormat: "JSON" }, { logFormat: "JSON", applicationLogLevel: "WARN" }].map(
      (loggingConfig) => definitions(functionWith({ loggingConfig }))[0]?.logging,
    );
    assert.deepEqual(loggings, [
      { format: "JSON", level: undefined },
      { format: "JSON", level: "WARN" },
    ]);
  });

  it("takes a reserved concurrency of -1 as none", () => {
    const [definition] = definitions(functionWith({ reservedConcurrentExecutions: -1 }));
    assert.equal(definition && "reservedConcurrency" in definition, false);
  });

  it("needs code that is at hand", () => {
    assert.throws(() => definitions(functionWith({ code: undefined, s3Bucket: "packages" })), {
      message:
        'function "join": local mode runs code given as an archive of local files (code), nothing else',
    });
  });
});

describe("the permission to call a function", () => {
  const executionArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5";
  const source = `${executionArn}/prod/join`;

  /** Whether API Gateway may call the function for a source. */
  function permits(sourceArn: string, ...permissions: Properties[]): boolean {
    const resources = permissions.map((inputs, i) =>
      resource("lambda/permission:Permission", `permission-${i}`, {
        inputs: {
          action: "lambda:InvokeFunction",
          function: "join-1",
          principal: "apigateway.amazonaws.com",
          ...inputs,
        },
      }),
    );
    return functionPolicies(graphOf(role, functionWith(), ...resources))(functionArn, sourceArn);
  }

  it("is decided for each function and source, however often they are asked for", () => {
    const permission = resource("lambda/permission:Permission", "permission", {
      inputs: {
        action: "lambda:InvokeFunction",
        function: "join-1",
        principal: "apigateway.amazonaws.com",
        sourceArn: source,
      },
    });
    const decide = functionPolicies(graphOf(role, functionWith(), permission));
    for (let time = 1; time <= 2; time++) {
      assert.equal(decide(functionArn, source), true);
      assert.equal(decide(functionArn, `${source}/more`), false);
      assert.equal(decide(`${functionArn}-other`, source), false);
    }
  });

  it("is missing where there is none", () => {
    assert.equal(permits(source), false);
  });

  it("counts for its own source", () => {
    assert.equal(permits(source, { sourceArn: source }), true);
    for (const other of [
      `${executionArn}/prod/leave`,
      `${executionArn}/test/join`,
      `${source}/more`,
      executionArn,
    ])
      assert.equal(permits(other, { sourceArn: source }), false);
  });

  it("counts for every source that its wildcards cover", () => {
    for (const pattern of [`${executionArn}/*`, `${executionArn}/*/join`, `${executionArn}/pro?/join`])
      assert.equal(permits(source, { sourceArn: pattern }), true);
    for (const pattern of [
      `${executionArn}/*/leave`,
      `${executionArn}/?/join`,
      "arn:aws:execute-api:*:*:other/*",
    ])
      assert.equal(permits(source, { sourceArn: pattern }), false);
  });

  it("counts for every source where it names none", () => {
    assert.equal(permits(source, {}), true);
  });

  it("names the function by name or by ARN", () => {
    assert.equal(permits(source, { function: functionArn, sourceArn: source }), true);
  });

  it("counts for API Gateway and for invoking only", () => {
    assert.equal(permits(source, { principal: "events.amazonaws.com" }), false);
    assert.equal(permits(source, { action: "lambda:GetFunction" }), false);
    assert.equal(permits(source, { action: "lambda:*" }), true);
  });

  it("counts in its own account only", () => {
    assert.equal(permits(source, { sourceAccount: "123456789012" }), true);
    assert.equal(permits(source, { sourceAccount: "210987654321" }), false);
  });

  it("may be one of several", () => {
    assert.equal(permits(source, { sourceArn: `${executionArn}/prod/leave` }, { sourceArn: source }), true);
  });

  it("cannot be for a function that is not there", () => {
    assert.throws(() => permits(source, { function: "other" }), {
      message: 'permission "permission-0": there is no function other',
    });
  });
});

describe("the right to write a log", () => {
  const group = "arn:aws:logs:us-east-1:123456789012:log-group:join-logs";
  const both = ["logs:CreateLogStream", "logs:PutLogEvents"];

  function may(...policies: RecordedResource[]): boolean {
    const lambda = functionWith({ loggingConfig: { logGroup: "join-logs" } });
    const graph = graphOf(role, lambda, ...policies);
    const callers = new Callers(graph);
    return functionDefinitions(graph, callers).every((definition) =>
      mayWriteLogs(graph, callers, definition),
    );
  }

  it("takes both actions on the group's streams", () => {
    assert.equal(may(allowing(both, `${group}:*`)), true);
    assert.equal(may(allowing("logs:*", "*")), true);
  });

  it("is missing with less", () => {
    assert.equal(may(), false);
    for (const action of both) assert.equal(may(allowing(action, `${group}:*`)), false);
    assert.equal(may(allowing(both, group)), false);
    assert.equal(may(allowing(both, `${group}-other:*`)), false);
  });
});
