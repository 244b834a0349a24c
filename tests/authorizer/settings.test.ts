import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { publicJwk } from "../../local/user-pool/signing-keys.ts";
import { issuer, signingKeys } from "../token-factory.ts";
import { type Environment, loadAuthorizer } from "./built-authorizer.ts";
import { apiId, connectArn, withToken } from "./connect-request.ts";
import { token } from "./forgery.ts";

const required = [
  "ISSUER",
  "CLIENT_IDS",
  "TOKEN_USE",
  "TOKEN_SOURCES",
  "REQUIRED_GROUPS",
  "REQUIRED_SCOPES",
  "ALLOWED_ORIGINS",
  "CONNECT_ARN",
];

/** Asserts that the module throws exactly that while it loads. */
function refusesToLoad(environment: Environment, message: string): void {
  assert.throws(() => loadAuthorizer(environment), { name: "Error", message });
}

describe("the authorizer's environment", () => {
  for (const name of required)
    for (const value of [undefined, ""])
      it(`without ${name} (${JSON.stringify(value)}) stops it at load`, () => {
        refusesToLoad({ [name]: value }, `environment variable ${name} is required`);
      });

  const malformed = {
    ISSUER: [
      "us-east-1_TestPool",
      issuer.replace("https", "http"),
      `${issuer}/`,
      `${issuer} `,
      ` ${issuer}`,
      `${issuer}\n`,
      `${issuer}?x=1`,
      `${issuer}#x`,
      `${issuer}/.well-known`,
      issuer.replace("https://", "https://user@"),
      issuer.replace(".com/", ".com:8443/"),
      issuer.replace("cognito", "COGNITO"),
      "https://cognito-idp.us-east-1.amazonaws.com",
      "https://cognito-idp.us-east-1.amazonaws.com/",
      "https:///us-east-1_TestPool",
    ],
    CONNECT_ARN: [
      "$connect",
      connectArn.replace("$connect", "*"),
      connectArn.replace("$connect", "$disconnect"),
      connectArn.replace("$connect", "sendmessage"),
      connectArn.replace("/prod/", "/*/"),
      connectArn.replace("/prod/", "/"),
      connectArn.replace("/prod/", "/a/b/"),
      connectArn.replace("a1b2c3d4e5", "*"),
      connectArn.replace("us-east-1", "*"),
      connectArn.replace("123456789012", "12345"),
      connectArn.replace("123456789012", ""),
      connectArn.replace("execute-api", "lambda"),
      connectArn.replace("arn:aws:", "aws:"),
      `${connectArn}\n`,
      `${connectArn}/*`,
      ` ${connectArn}`,
    ],
  };
  for (const [name, values] of Object.entries(malformed))
    for (const value of values)
      it(`with ${name} ${JSON.stringify(value)} stops it at load`, () => {
        refusesToLoad({ [name]: value }, `environment variable ${name} is malformed: ${value}`);
      });

  const lists = {
    CLIENT_IDS: 1,
    TOKEN_SOURCES: 1,
    REQUIRED_GROUPS: 0,
    REQUIRED_SCOPES: 0,
    ALLOWED_ORIGINS: 0,
  };
  const noLists = [
    "header",
    "[",
    '"header"',
    "null",
    "1",
    "{}",
    '{"0":"header","length":1}',
    "[1]",
    "[null]",
    '[["header"]]',
    '[""]',
    '["header",""]',
    '["header","header"]',
    "['header']",
    '["header",]',
  ];
  for (const [name, atLeast] of Object.entries(lists))
    for (const value of atLeast ? ["[]", ...noLists] : noLists)
      it(`with ${name} ${value} stops it at load`, () => {
        refusesToLoad(
          { [name]: value },
          `environment variable ${name} must be a JSON list of at least ${atLeast} strings, none twice`,
        );
      });

  for (const value of ["refresh", "ACCESS", "access ", "id,access", '"id"'])
    it(`with TOKEN_USE ${value} stops it at load`, () => {
      refusesToLoad(
        { TOKEN_USE: value },
        `environment variable TOKEN_USE is ${value}, but must be access or id`,
      );
    });

  for (const value of ["cookie", "Header", "header ", "constructor"])
    it(`with the token source ${value} stops it at load`, () => {
      refusesToLoad(
        { TOKEN_SOURCES: JSON.stringify(["header", value]) },
        `environment variable TOKEN_SOURCES is ${value}, but must be header or subprotocol or query`,
      );
    });
});

describe("the keys in the authorizer's environment", () => {
  const good = publicJwk(signingKeys.access);
  const setOf = (...keys: unknown[]) => JSON.stringify({ keys });
  const problems: readonly (readonly [string, string, string])[] = [
    ["nothing", "", "Unexpected end of JSON input"],
    ["half a set", '{"keys":[', "Unexpected end of JSON input"],
    ["no object", "null", "key set: no keys"],
    ["a list", JSON.stringify([good]), "key set: no keys"],
    ["a single key", JSON.stringify(good), "key set: no keys"],
    ["keys that are no list", '{"keys":{}}', "key set: no keys"],
    ["an empty set", setOf(), "key set: no RS256 signing key"],
    ["a set of null", setOf(null, 1, "x", []), "key set: no RS256 signing key"],
    ["a key for encryption", setOf({ ...good, use: "enc" }), "key set: no RS256 signing key"],
    ["a key for nothing", setOf({ ...good, use: undefined }), "key set: no RS256 signing key"],
    ["an RS512 key", setOf({ ...good, alg: "RS512" }), "key set: no RS256 signing key"],
    ["a key without alg", setOf({ ...good, alg: undefined }), "key set: no RS256 signing key"],
    ["a secret", setOf({ ...good, kty: "oct", k: "AA" }), "key set: no RS256 signing key"],
    ["a key without kid", setOf({ ...good, kid: undefined }), "key set: malformed key"],
    ["a key with an empty kid", setOf({ ...good, kid: "" }), "key set: malformed key"],
    ["a key whose kid is a number", setOf({ ...good, kid: 1 }), "key set: malformed key"],
    ["a key without modulus", setOf({ ...good, n: undefined }), "key set: malformed key"],
    ["a key whose modulus is a list", setOf({ ...good, n: [good.n] }), "key set: malformed key"],
    ["a key without exponent", setOf({ ...good, e: undefined }), "key set: malformed key"],
    ["a good and a malformed key", setOf(good, { ...good, kid: "2", n: "" }), "key set: malformed key"],
    ["a key of 2,040 bits", setOf({ ...good, n: good.n.slice(0, 340) }), "key set: weak key"],
    ["a key with the exponent 1", setOf({ ...good, e: "AQ" }), "key set: weak key"],
    ["a key with the exponent 3", setOf({ ...good, e: "Aw" }), "key set: weak key"],
    ["a good and a weak key", setOf(good, { ...good, kid: "2", e: "Aw" }), "key set: weak key"],
  ];
  for (const [name, jwks, problem] of problems)
    it(`stop it at load if they are ${name}`, () => {
      refusesToLoad({ JWKS: jwks }, `environment variable JWKS is malformed: ${problem}`);
    });

  it("may stand among keys for other purposes, which do not verify tokens", async () => {
    const others = [
      null,
      { ...good, kid: "encryption", use: "enc" },
      { kty: "EC", kid: "ec", alg: "ES256", use: "sig" },
    ];
    const authorizer = loadAuthorizer({ JWKS: setOf(...others, good) });
    assert.equal((await authorizer.decide(withToken(token()))).status, 200);
  });
});

describe("the authorizer's settings", () => {
  const stages = ["prod", "$default", "a-b_c", "V1"];
  for (const stage of stages)
    it(`may name the stage ${stage}`, async () => {
      const arn = connectArn.replace("/prod/", () => `/${stage}/`);
      const event = { ...withToken(token()), methodArn: arn };
      assert.equal((await loadAuthorizer({ CONNECT_ARN: arn }).decide(event)).status, 200);
    });

  it("may name another stage of the API: while the stage gets a new name, both are served", async () => {
    const arn = connectArn.replace("/prod/", () => "/live/");
    const { status, policy } = await loadAuthorizer().decide({ ...withToken(token()), methodArn: arn });
    assert.equal(status, 200);
    assert.deepEqual(
      policy?.policyDocument.Statement.map(({ Resource }) => Resource),
      [arn],
    );
  });

  for (const partition of ["aws-cn", "aws-us-gov"])
    it(`may name the partition ${partition}`, async () => {
      const arn = connectArn.replace(":aws:", `:${partition}:`);
      const event = { ...withToken(token()), methodArn: arn };
      assert.equal((await loadAuthorizer({ CONNECT_ARN: arn }).decide(event)).status, 200);
    });

  it("say which API the metrics are counted by", async () => {
    const { logLine } = await loadAuthorizer().decide(undefined);
    assert.equal(JSON.parse(logLine).apiId, apiId);
  });
});
