import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { messageEvent } from "../../local/gateway/events.ts";
import { compileTemplate, type TemplateScope } from "../../local/gateway/mapping-template.ts";
import { Message } from "../../local/gateway/message.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { api, handshake } from "./api-fixture.ts";

const body = '{"a": {"b": "it\'s \\"x\\""}, "n": 1.5, "yes": true, "none": null, "list": [1, {"c": "d"}]}';

/** What a template gives for a body, in the context of a message of alice. */
function rendered(template: string, text = body): string {
  const facts = { api, handshake, identity: { principalId: "sub-1", username: "alice" } };
  const { requestContext } = messageEvent(facts, "join", text);
  const scope: TemplateScope = {
    input: new Message(text),
    context: requestContext as TemplateScope["context"],
    stageVariables: { color: "blue" },
  };
  return compileTemplate(template, 'integration "join"')(scope);
}

describe("a mapping template", () => {
  const facts: readonly [fact: string, template: string, text: string][] = [
    [
      "is its own static text",
      '{"price": "5$", "tag": "# 1", "path": "a\\b"}',
      '{"price": "5$", "tag": "# 1", "path": "a\\b"}',
    ],
    ["has the body as it was sent", "<$input.body>", `<${body}>`],
    ["has the whole body as JSON", "$input.json('$')", JSON.stringify(JSON.parse(body))],
    ["has a text as JSON", "$input.json('$.a.b')", '"it\'s \\"x\\""'],
    ["has an object as JSON", '$input.json("$.a")', '{"b":"it\'s \\"x\\""}'],
    [
      "has a number, a boolean and a list as JSON",
      "$input.json('$.n') $input.json('$.yes') $input.json('$.list')",
      '1.5 true [1,{"c":"d"}]',
    ],
    [
      "has an empty JSON text for a missing value and for null",
      "$input.json('$.x')$input.json('$.none')",
      '""""',
    ],
    ["has a text without its quotes", "$input.path('$.a.b')", 'it\'s "x"'],
    ["has a number and a boolean as text", "$input.path('$.n')-$input.path('$.yes')", "1.5-true"],
    ["has nothing for a missing value and for null", "<$input.path('$.x')$input.path('$.none')>", "<>"],
    ["has objects and lists as Velocity writes them", "$input.path('$.list')", "[1, {c=d}]"],
    [
      "has the context",
      "$context.connectionId $context.apiId $context.stage $context.routeKey $context.domainName $context.eventType",
      "TXzPWdnOjoECGjA= a1b2c3d4e5 prod join a1b2c3d4e5.execute-api.us-east-1.amazonaws.com MESSAGE",
    ],
    ["has nested context", "$context.identity.sourceIp $context.identity.userAgent", "127.0.0.1 client/1.0"],
    ["has the identity", "$context.authorizer.principalId/$context.authorizer.username", "sub-1/alice"],
    ["has nothing for a claim that is not there", "<$context.authorizer.email>", "<>"],
    ["has the time of the connection", "$context.connectedAt", String(handshake.connectedAt)],
    [
      "has stage variables",
      "$stageVariables.color $stageVariables['color'] ${stageVariables['color']}",
      "blue blue blue",
    ],
    [
      "has nothing for a stage variable that is not there",
      "<$stageVariables.size$stageVariables.constructor>",
      "<>",
    ],
    ["escapes for JavaScript", "$util.escapeJavaScript($input.path('$.a.b'))", 'it\\\'s \\"x\\"'],
    [
      "takes braces",
      "${context.stage}s ${input.json('$.n')} ${util.escapeJavaScript(${context.stage})}",
      "prods 1.5 prod",
    ],
    ["takes quiet references", "$!context.stage $!{context.stage} $!input.path('$.n')", "prod prod 1.5"],
    [
      "ends a reference at a full stop and a bracket behind it",
      "[\"$context.stage.\", $input.json('$.n')]",
      '["prod.", 1.5]',
    ],
    [
      "joins references",
      "$context.stage$context.stage$input.json('$.n')-$input.json('$.n')",
      "prodprod1.5-1.5",
    ],
  ];
  for (const [fact, template, text] of facts) it(fact, () => assert.equal(rendered(template), text));

  it("has an id for each request and message, which is not the connection's", () => {
    const ids = rendered("$context.requestId $context.extendedRequestId $context.messageId").split(" ");
    for (const id of ids) assert.match(id, /^[\w-]{15}=$/);
    assert.equal(ids[0], ids[1]);
    assert.equal(new Set([...ids, handshake.connectionId]).size, 3);
  });

  it("escapes what is not printable ASCII, and slashes", () => {
    assert.equal(
      rendered("$util.escapeJavaScript($input.body)", "a/b\\c\b\f\n\r\t\u0001é\u{1F600}"),
      "a\\/b\\\\c\\b\\f\\n\\r\\t\\u0001\\u00E9\\uD83D\\uDE00",
    );
  });

  it("reads an empty body as an empty object", () => {
    assert.equal(rendered("$input.json('$')<$input.path('$.a')><$input.body>", ""), "{}<><>");
  });

  it("fails where it reads JSON and there is none", () => {
    for (const template of ["$input.json('$')", "$input.path('$.a')"])
      assert.throws(() => rendered(template, "hello"), {
        message: "the template reads JSON, and there is none",
      });
  });

  const others: readonly [what: string, template: string][] = [
    ["#if", "#if($input.body)x#end"],
    ["#set", "#set($a = 1)"],
    ["#foreach", "a #foreach($x in $y)"],
    ["#{if", "#{if}"],
    ["##", "text ## a comment"],
    ["#*", "#* a comment *#"],
    ["#[", "#[[text]]#"],
    ["\\$", "\\$context.stage"],
    ["\\$", "\\$foo"],
    ["\\#", "\\#if"],
    ["$foo", "$foo"],
    ["${foo", "a ${foo}"],
    ["$input.params('x')", "$input.params('x')"],
    ["$input.json", "$input.json($path)"],
    ["$input.body.length", "$input.body.length()"],
    ["$input.path('$.a')", "$input.path('$.a').size()"],
    ["$input.path('$.a')", "$input.path('$.a')[0]"],
    ["$input.path('$..a')", "$input.path('$..a')"],
    ["$input.json('$.a[*]')", "$input.json('$.a[*]')"],
    ["$context.status", "$context.status"],
    ["$context.error.message", "$context.error.message"],
    ["$context.protocol", "$context.protocol"],
    ["$context.identity", "$context.identity"],
    ["$context.authorizer.name", "$context.authorizer.name[0]"],
    ["$context.stage.length", "$context.stage.length()"],
    ["$stageVariables.color.length", "$stageVariables.color.length()"],
    ["$util.parseJson", "$util.parseJson($input.body)"],
    ["$util.base64Encode", "$util.base64Encode($input.body)"],
    ["$util.escapeJavaScript", "$util.escapeJavaScript($foo)"],
    ["$util.escapeJavaScript", `$util.escapeJavaScript($input.body).replaceAll("a","b")`],
  ];
  for (const [what, template] of others)
    it(`refuses ${template}`, () => {
      assert.throws(
        () => compileTemplate(template, 'integration "join"'),
        (error: Error) => {
          assert.ok(error instanceof OperatorError);
          assert.equal(
            error.message,
            `integration "join": ${what} in a mapping template is not emulated locally, only static text, $input.body, $input.json('<path>'), $input.path('<path>'), $context.<name>, $stageVariables.<name> and $util.escapeJavaScript(<one of these>): write it with these, or leave it out when you run locally`,
          );
          return true;
        },
      );
    });
});
