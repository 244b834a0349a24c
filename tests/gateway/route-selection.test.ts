import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { selectRouteKey } from "../../local/gateway/route-selection.ts";

describe("route selection", () => {
  const facts: readonly [fact: string, expression: string, body: string, key: string | undefined][] = [
    ["reads a member of the body", "$request.body.action", '{"action":"join"}', "join"],
    ["reads a nested member", "$request.body.a.b", '{"a":{"b":"join"}}', "join"],
    ["reads a member of a list by its index", "$request.body.a.1", '{"a":["x","join"]}', "join"],
    ["reads a member between braces", "${request.body.action}", '{"action":"join"}', "join"],
    ["reads a nested member between braces", "${request.body.a.b}", '{"a":{"b":"join"}}', "join"],
    [
      "joins several members with the text between them",
      "v${request.body.version}/${request.body.a.b}!",
      '{"version":2,"a":{"b":"join"}}',
      "v2/join!",
    ],
    ["takes a missing member as empty", "$request.body.action", '{"other":"join"}', ""],
    ["takes a missing parent as empty", "$request.body.a.b", '{"b":"join"}', ""],
    ["takes a parent that is a text as empty", "$request.body.a.b", '{"a":"join"}', ""],
    ["takes a missing member between texts as empty", "${request.body.a}-${request.body.b}", '{"b":1}', "-1"],
    ["takes null as empty", "$request.body.action", '{"action":null}', ""],
    ["takes an empty text as it is", "$request.body.action", '{"action":""}', ""],
    [
      "writes a number and a boolean as text",
      "${request.body.a}${request.body.b}",
      '{"a":1.5,"b":false}',
      "1.5false",
    ],
    ["writes an object as JSON", "$request.body.action", '{"action":{"a":1}}', '{"a":1}'],
    ["keeps letter case and white space", "$request.body.action", '{"action":" Join "}', " Join "],
    ["finds no member in a list", "$request.body.action", '["join"]', ""],
    ["selects nothing for a body that is not JSON", "$request.body.action", "join", undefined],
    ["selects nothing for an empty body", "$request.body.action", "", undefined],
    ["selects nothing for a JSON text", "$request.body.action", '"join"', undefined],
    ["selects nothing for a JSON number", "$request.body.action", "1", undefined],
    ["selects nothing for null", "$request.body.action", "null", undefined],
  ];
  for (const [fact, expression, body, key] of facts)
    it(fact, () => assert.equal(selectRouteKey(expression, body), key));

  for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__", "length"])
    it(`finds no member named ${name} that the client did not send`, () => {
      for (const path of [name, `action.${name}`])
        assert.equal(selectRouteKey(`$request.body.${path}`, '{"action":"join"}'), "");
    });

  it("reads a member named like a prototype's that the client did send", () => {
    assert.equal(selectRouteKey("$request.body.__proto__", '{"__proto__":"join"}'), "join");
  });
});
