import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileTemplate } from "../../local/gateway/mapping-template.ts";
import { Message } from "../../local/gateway/message.ts";
import { messageCheck } from "../../local/gateway/message-models.ts";
import { compileSelection } from "../../local/gateway/selection-expression.ts";
import { graphOf, resource } from "../resource-graph.ts";
import { ask, open } from "../test-stack.ts";
import { api } from "./api-fixture.ts";
import { proxyRoute, withServedApi } from "./served-api.ts";

/** How often a text is parsed as JSON for the length of `use`. */
async function parsesOf(text: string, use: () => unknown): Promise<number> {
  const { parse } = JSON;
  let count = 0;
  JSON.parse = (...args: Parameters<typeof parse>) => {
    if (args[0] === text) count++;
    return parse(...args);
  };
  try {
    await use();
  } finally {
    JSON.parse = parse;
  }
  return count;
}

describe("a message", () => {
  it("has its text and what it says as JSON", () => {
    const { text, json } = new Message('{"a": 1}');
    assert.deepEqual([text, json], ['{"a": 1}', { a: 1 }]);
  });

  for (const text of ["", "hello", '{"a":1', "{'a':1}", "undefined"])
    it(`is no JSON where it is ${text || "empty"}`, () => assert.equal(new Message(text).json, undefined));

  it("is JSON where it is null, which is not the same", () => assert.equal(new Message("null").json, null));

  for (const text of ['{"action":"join"}', "no JSON"])
    it(`is parsed once, however often it is asked (${text})`, async () => {
      const message = new Message(text);
      assert.equal(await parsesOf(text, () => [message.json, message.json, message.json]), 1);
    });

  it("is not parsed while nobody asks", async () => {
    assert.equal(await parsesOf("{}", () => new Message("{}").text), 0);
  });

  it("is parsed once for its route, its model and its template together", async () => {
    const model = resource("apigatewayv2/model:Model", "join", {
      inputs: { apiId: api.apiId, name: "Join", schema: '{"type":"object"}' },
    });
    const route = resource("apigatewayv2/route:Route", "join", {
      inputs: {
        apiId: api.apiId,
        modelSelectionExpression: "$request.body.action",
        requestModels: { join: "Join" },
      },
    });
    const join = proxyRoute("join", {
      allows: messageCheck(graphOf(model, route), route),
      integration: {
        type: "AWS",
        target: { functionArn: "join", sourceArn: "join" },
        timeoutMs: 1000,
        passesThrough: false,
        request: {
          select: compileSelection("${request.body.action}", "test"),
          templates: new Map([["join", compileTemplate("$input.json('$')", "test")]]),
        },
        responses: [
          {
            isDefault: true,
            fits: () => false,
            templates: { select: compileSelection("$default", "test"), templates: new Map() },
          },
        ],
      },
    });
    await withServedApi({ routes: [join] }, async (served) => {
      const socket = await open(served.url);
      const text = '{"action":"join",  "name":"alice"}';
      const parses = await parsesOf(text, async () =>
        assert.equal(await ask(socket, text), '{"statusCode":200}'),
      );
      assert.equal(parses, 1);
      assert.deepEqual(served.calls, [["join", { action: "join", name: "alice" }]]);
      socket.terminate();
    });
  });
});
