import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Message } from "../../local/gateway/message.ts";
import { compileSelection } from "../../local/gateway/selection-expression.ts";

/** The key that an expression gives for a body. */
function keyOf(expression: string, body: string): string | undefined {
  return compileSelection(expression, 'API "chat"')(new Message(body));
}

describe("a selection expression", () => {
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
    ["reads a member whose name has a hyphen", "$request.body.my-action", '{"my-action":"join"}', "join"],
    ["reads a member behind static text", "v1/$request.body.a", '{"a":"join"}', "v1/join"],
    ["takes a list's length as no member of it", "$request.body.a.length", '{"a":["x"]}', ""],
    ["is static text without a variable, whatever the body", "200", "no JSON", "200"],
    ["is the reserved key, escaped", "\\$default", "no JSON", "$default"],
    ["is the reserved key, as AWS's examples also write it", "$default", "{}", "$default"],
    ["has an escaped dollar sign", "\\${request.body.action}", '{"action":"join"}', "${request.body.action}"],
    ["selects nothing for a JSON list", "$request.body.action", "[]", undefined],
    ["selects nothing for a JSON list between static text", "v1-${request.body.0}", '["join"]', undefined],
    ["selects nothing for a JSON boolean", "$request.body.action", "true", undefined],
    ["selects nothing for a body that is not JSON", "$request.body.action", "join", undefined],
    ["selects nothing for an empty body", "$request.body.action", "", undefined],
    ["selects nothing for a JSON text", "$request.body.action", '"join"', undefined],
    ["selects nothing for a JSON number", "$request.body.action", "1", undefined],
    ["selects nothing for null", "$request.body.action", "null", undefined],
  ];
  for (const [fact, expression, body, key] of facts)
    it(fact, () => assert.equal(keyOf(expression, body), key));

  for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__", "length"])
    it(`finds no member named ${name} that the client did not send`, () => {
      for (const path of [name, `action.${name}`])
        assert.equal(keyOf(`$request.body.${path}`, '{"action":"join"}'), "");
    });

  it("reads a member named like a prototype's that the client did send", () => {
    assert.equal(keyOf("$request.body.__proto__", '{"__proto__":"join"}'), "join");
  });

  for (const [variable, expression] of [
    ["$request.header.action", "$request.header.action"],
    ["$context.routeKey", "a-$context.routeKey"],
    ["${$request.body.a}", "${$request.body.a}"],
    ["${request.querystring.a}", "${request.body.a}${request.querystring.a}"],
    ["$", "a$"],
  ] as const)
    it(`refuses the variable ${variable} by its name`, () => {
      assert.throws(() => compileSelection(expression, 'API "chat"'), {
        message: `API "chat": ${variable} in the selection expression ${expression} is not emulated locally: write $request.body.<path> or \${request.body.<path>}`,
      });
    });
});
