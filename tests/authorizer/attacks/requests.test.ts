import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type Attack, refuses } from "../attack-table.ts";
import { loadAuthorizer } from "../built-authorizer.ts";
import {
  connectArn,
  connectRequest,
  type Event,
  type Values,
  withSubprotocols,
  withToken,
} from "../connect-request.ts";
import { token } from "../forgery.ts";

const authorization = (...values: readonly string[]) => connectRequest({ Authorization: values });
const query = (values: Values) => connectRequest({}, values);

const sameTwice = (make: (text: string) => unknown) => () => make(token());

refuses("requests without a token", 401, {
  no_token: [
    ["no headers of its own", () => connectRequest()],
    ["a token in X-Authorization", () => connectRequest({ "X-Authorization": [`Bearer ${token()}`] })],
    [
      "a token in Proxy-Authorization",
      () => connectRequest({ "Proxy-Authorization": [`Bearer ${token()}`] }),
    ],
    ["a token in a header whose name ends in a space", () => connectRequest({ "Authorization ": [token()] })],
    ["a token in a cookie", () => connectRequest({ Cookie: [`token=${token()}`] })],
    ["a token in Sec-WebSocket-Key", () => connectRequest({ "Sec-WebSocket-Key": [token()] })],
    ["an Authorization header without values", () => authorization()],
    ["an empty subprotocol header", () => withSubprotocols("")],
    ["a subprotocol without a token", () => withSubprotocols("app.v1")],
    ["a token as subprotocol without its prefix", () => withSubprotocols("app.v1", token())],
    ["a token after Bearer. in capitals", () => withSubprotocols(`BEARER.${token()}`)],
    ["a token after another prefix", () => withSubprotocols(`jwt.${token()}`)],
    ["a quoted subprotocol", () => withSubprotocols(`"bearer.${token()}"`)],
    ["a token in the query parameter Token", () => query({ Token: [token()] })],
    ["a token in the query parameter access_token", () => query({ access_token: [token()] })],
    ["a token in the query parameter token[]", () => query({ "token[]": [token()] })],
    ["a token in the query parameter __proto__", () => query(JSON.parse('{"__proto__":["x"]}'))],
    [
      "a token in the single-valued headers alone",
      () => ({ ...connectRequest(), headers: { Authorization: `Bearer ${token()}` } }),
    ],
    [
      "a token in the single-valued query alone",
      () => ({ ...connectRequest(), queryStringParameters: { token: token() } }),
    ],
    [
      "a token in the stage variables",
      () => ({ ...connectRequest(), stageVariables: { Authorization: token() } }),
    ],
    [
      "an authorizationToken as TOKEN authorizers get it",
      () => ({ ...connectRequest(), authorizationToken: `Bearer ${token()}` }),
    ],
  ],
});

const malformed: Readonly<Record<string, (text: string) => string>> = {
  "a space before Bearer": (text) => ` Bearer ${text}`,
  "two spaces after Bearer": (text) => `Bearer  ${text}`,
  "a tab after Bearer": (text) => `Bearer\t${text}`,
  "a line end after Bearer": (text) => `Bearer\n${text}`,
  "a no-break space after Bearer": (text) => `Bearer\u00A0${text}`,
  "a colon after Bearer": (text) => `Bearer: ${text}`,
  "a comma after Bearer": (text) => `Bearer, ${text}`,
  "Bearer twice": (text) => `Bearer Bearer ${text}`,
  "a trailing space": (text) => `Bearer ${text} `,
  "a trailing tab": (text) => `Bearer ${text}\t`,
  "a trailing comma": (text) => `Bearer ${text},`,
  "a trailing line end": (text) => `Bearer ${text}\n`,
  "a trailing form feed": (text) => `Bearer ${text}\f`,
  "a trailing line separator": (text) => `Bearer ${text}\u2028`,
  "a trailing byte order mark": (text) => `Bearer ${text}\uFEFF`,
  "a space before a bare token": (text) => ` ${text}`,
  "a tab before a bare token": (text) => `\t${text}`,
  "a space behind a bare token": (text) => `${text} `,
  "a list of two": (text) => `Bearer ${text}, Bearer ${text}`,
  "a list of two bare tokens": (text) => `${text},${text}`,
  "a list with another scheme": (text) => `Basic eDp5, Bearer ${text}`,
  "the scheme Basic": (text) => `Basic ${text}`,
  "the scheme Token": (text) => `Token ${text}`,
  "the scheme JWT": (text) => `JWT ${text}`,
  "the scheme DPoP": (text) => `DPoP ${text}`,
  "the scheme Digest": () => 'Digest username="alice"',
  "a parameter behind the token": (text) => `Bearer ${text} charset=utf-8`,
  "Bearer and nothing": () => "Bearer ",
  nothing: () => "",
  "a space": () => " ",
  "ten thousand spaces": () => `Bearer ${" ".repeat(10_000)}`,
};

refuses("Authorization headers", 401, {
  malformed_authorization: [
    ...Object.entries(malformed).map(
      ([name, make]): Attack => [`${name}`, () => authorization(make(token()))],
    ),
    ["a good header beside an empty one", () => authorization(`Bearer ${token()}`, "")],
    ["a good header beside Basic", () => authorization(`Bearer ${token()}`, "Basic eDp5")],
    [
      "Basic beside a good subprotocol",
      () =>
        connectRequest({ Authorization: ["Basic eDp5"], "Sec-WebSocket-Protocol": [`bearer.${token()}`] }),
    ],
  ],
  malformed_token: [
    ["the word Bearer", () => authorization("Bearer")],
    ["Bearer without the space", () => authorization(`Bearer${token()}`)],
    ["Bearer and a dot", () => authorization(`Bearer.${token()}`)],
    ["a full-width Bearer", () => authorization(`Ｂearer:${token()}`)],
    ["a quoted token", () => authorization(`Bearer "${token()}"`)],
    ["a subprotocol's prefix", () => authorization(`bearer.${token()}`)],
  ],
});

refuses("two tokens", 401, {
  two_tokens: [
    ["two Authorization values", () => authorization(`Bearer ${token()}`, `Bearer ${token()}`)],
    ["one Authorization value twice", sameTwice((text) => authorization(text, text))],
    [
      "two spellings of Authorization",
      sameTwice((text) => connectRequest({ Authorization: [text], authorization: [text] })),
    ],
    [
      "two strange spellings of Authorization",
      sameTwice((text) => connectRequest({ AUTHORIZATION: [text], aUTHORIZATION: [`Bearer ${text}`] })),
    ],
    [
      "a header and a subprotocol",
      sameTwice((text) =>
        connectRequest({ Authorization: [text], "Sec-WebSocket-Protocol": [`bearer.${text}`] }),
      ),
    ],
    [
      "a header and the query",
      sameTwice((text) => connectRequest({ Authorization: [text] }, { token: [text] })),
    ],
    [
      "a subprotocol and the query",
      sameTwice((text) =>
        connectRequest({ "Sec-WebSocket-Protocol": [`bearer.${text}`] }, { token: [text] }),
      ),
    ],
    ["two bearer subprotocols", sameTwice((text) => withSubprotocols(`bearer.${text}`, `bearer.${text}`))],
    ["two bearer subprotocols, one empty", () => withSubprotocols("bearer.", `bearer.${token()}`)],
    [
      "two subprotocol headers",
      sameTwice((text) => connectRequest({ "Sec-WebSocket-Protocol": [`bearer.${text}`, `bearer.${text}`] })),
    ],
    [
      "two spellings of the subprotocol header",
      sameTwice((text) =>
        connectRequest({
          "Sec-WebSocket-Protocol": [`bearer.${text}`],
          "sec-websocket-protocol": ["app.v1", `bearer.${text}`],
        }),
      ),
    ],
    ["two query parameters", sameTwice((text) => query({ token: [text, text] }))],
    ["a good and an empty query parameter", () => query({ token: [token(), ""] })],
    ["a thousand bearer subprotocols", () => withSubprotocols(...Array(1000).fill("bearer.x"))],
  ],
});

refuses("subprotocols and query parameters", 401, {
  malformed_token: [
    ["an empty bearer subprotocol", () => withSubprotocols("bearer.")],
    ["a space inside a bearer subprotocol", () => withSubprotocols(`bearer. ${token()}`)],
    ["a bearer subprotocol in a bearer subprotocol", () => withSubprotocols(`bearer.bearer.${token()}`)],
    ["Bearer in a bearer subprotocol", () => withSubprotocols(`bearer.Bearer ${token()}`)],
    [
      "an encoded bearer subprotocol",
      () => withSubprotocols(`bearer.${Buffer.from(token()).toString("base64url")}`),
    ],
    ["Bearer in the query", () => query({ token: [`Bearer ${token()}`] })],
    ["a comma list in the query", () => query({ token: [`${token()},${token()}`] })],
  ],
});

const sources = ["header", "subprotocol", "query"];
const through: Readonly<Record<string, () => Event>> = {
  header: () => withToken(token()),
  subprotocol: () => withSubprotocols("app.v1", `bearer.${token()}`),
  query: () => query({ token: [token()] }),
};

for (const source of sources) {
  const off = sources.filter((other) => other !== source);
  refuses(
    `token sources, where only ${source} is on`,
    401,
    { no_token: off.map((other): Attack => [`a token in the ${other}`, () => through[other]?.()]) },
    { TOKEN_SOURCES: JSON.stringify([source]) },
  );
  refuses(
    `token sources, where only ${source} is off`,
    401,
    { no_token: [[`a token in the ${source}`, () => through[source]?.()]] },
    { TOKEN_SOURCES: JSON.stringify(off) },
  );
}

const otherArns: readonly unknown[] = [
  undefined,
  null,
  "",
  [connectArn],
  {},
  connectArn.replace("/prod/", "/*/"),
  connectArn.replace("/prod/", "//"),
  connectArn.replace("/prod/", "/a/b/"),
  connectArn.replace("/prod/", "/"),
  connectArn.replace("a1b2c3d4e5", "zzzzzzzzzz"),
  connectArn.replace("us-east-1", "eu-west-1"),
  connectArn.replace("123456789012", "210987654321"),
  connectArn.replace("arn:aws:", "arn:aws-cn:"),
  connectArn.replace("$connect", "$disconnect"),
  connectArn.replace("$connect", "$default"),
  connectArn.replace("$connect", "sendmessage"),
  connectArn.replace("$connect", "GET/$connect"),
  connectArn.replace("$connect", "*"),
  connectArn.replace("$connect", "$CONNECT"),
  `${connectArn}/`,
  `${connectArn}x`,
  ` ${connectArn}`,
  "*",
];

const withMember = (member: string, value: unknown): Attack => [
  value === undefined ? `an event without ${member}` : `${member} ${JSON.stringify(value)}`,
  () => ({ ...withToken(token()), [member]: value }),
];

refuses("events that are not this API's", 500, {
  unexpected_event: [
    ...[undefined, null, 42, true, [], {}].map(
      (event): Attack => [`the event ${JSON.stringify(event)}`, () => event],
    ),
    ["an event in an array", () => [withToken(token())]],
    ...[undefined, null, "TOKEN", "request", "REQUEST ", ["REQUEST"], {}].map((type) =>
      withMember("type", type),
    ),
    ...otherArns.map((arn) => withMember("methodArn", arn)),
    ...[undefined, null, "Authorization: x", 1, { Authorization: "x" }, { Authorization: null }].map(
      (headers) => withMember("multiValueHeaders", headers),
    ),
    ...[
      { Authorization: [1] },
      { Authorization: [null] },
      { Authorization: [["x"]] },
      { Authorization: { 0: "x" } },
    ].map((headers) => withMember("multiValueHeaders", headers)),
    ...["token=x", 1, { token: "x" }, { token: [1] }, { token: null }].map((values) =>
      withMember("multiValueQueryStringParameters", values),
    ),
  ],
});

describe("an event that is text", () => {
  for (const text of ["", "text", JSON.stringify(withToken("x"))])
    it(`is refused: ${text.slice(0, 20)}`, async () => {
      const { status, reason } = await loadAuthorizer().decide(text);
      assert.deepEqual([status, reason], [500, "unexpected_event"]);
    });
});
