import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clientId, issuer, otherClientId } from "../../token-factory.ts";
import { type Attack, refuses } from "../attack-table.ts";
import { loadAuthorizer } from "../built-authorizer.ts";
import { withToken } from "../connect-request.ts";
import { claims, encode, header, identityClaims, signed, token } from "../forgery.ts";

const host = "cognito-idp.us-east-1.amazonaws.com";

const otherIssuers: readonly unknown[] = [
  undefined,
  null,
  "",
  0,
  true,
  [issuer],
  { issuer },
  `https://${host}/us-east-1_OtherPool`,
  `https://${host}/us-east-1_testpool`,
  `https://issuer-${host}/us-east-1_TestPool`,
  `https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_TestPool`,
  `https://${host}.cn/us-east-1_TestPool`,
  `${issuer}/`,
  `${issuer}//`,
  `${issuer} `,
  ` ${issuer}`,
  `${issuer}\0`,
  `${issuer}#`,
  `${issuer}?`,
  `${issuer}/../us-east-1_TestPool`,
  `${issuer}X`,
  issuer.slice(0, -1),
  issuer.toUpperCase(),
  issuer.replace("https", "HTTPS"),
  issuer.replace(host, host.toUpperCase()),
  issuer.replace("https", "http"),
  issuer.replace("https://", ""),
  issuer.replace("https://", "https://user@"),
  issuer.replace(host, `${host}:443`),
  issuer.replace(host, `${host}.`),
  issuer.replace("amazonaws.com", "amazonaws.com.attacker.example"),
  issuer.replace("TestPool", "%54estPool"),
  issuer.replace("cognito", "cоgnito"),
  "us-east-1_TestPool",
  "https://accounts.google.com",
];

const cases = (claim: string, values: readonly unknown[]): Attack[] =>
  values.map(
    (value): Attack => [
      value === undefined ? `a missing ${claim}` : `${claim} ${JSON.stringify(value).slice(0, 80)}`,
      () => token({ [claim]: value }),
    ],
  );

const noSubjects = [undefined, null, "", 0, 42, true, [], ["x"], {}, "x".repeat(129), "x".repeat(2000)];

const otherUses = [undefined, null, "", "id", "refresh", "ACCESS", "access ", "Access", ["access"], {}, true];

const noClients: readonly unknown[] = [
  undefined,
  null,
  "",
  0,
  true,
  [],
  [clientId],
  [clientId, otherClientId],
  { [clientId]: clientId },
  "otherclient",
  `${clientId} `,
  `${clientId},${otherClientId}`,
  clientId.slice(1),
  `${clientId}x`,
  clientId.toUpperCase(),
  "*",
  "__proto__",
  "constructor",
];

refuses("identities, on tokens that the pool signed", 401, {
  wrong_issuer: [
    ...cases("iss", otherIssuers),
    ["every claim in __proto__ alone", () => signed(header(), `{"__proto__":${JSON.stringify(claims())}}`)],
    [
      "every claim in constructor.prototype alone",
      () => signed(header(), { constructor: { prototype: claims() } }),
    ],
    ["an empty payload", () => signed(header(), {})],
    [
      "a second iss",
      () => signed(header(), JSON.stringify(claims()).replace(/}$/, ',"iss":"https://attacker.example"}')),
    ],
  ],
  invalid_subject: cases("sub", noSubjects),
  wrong_token_use: [
    ...cases("token_use", otherUses),
    ["an ID token", () => signed(header(), identityClaims())],
  ],
  wrong_client: [
    ...cases("client_id", noClients),
    ["aud in place of client_id", () => token({ client_id: undefined, aud: clientId })],
    ["client in place of client_id", () => token({ client_id: undefined, client: clientId })],
    ["client_id in __proto__ alone", () => signed(header(), clientIdInProto())],
  ],
  malformed_token: [["a refresh token", refreshToken]],
});

/** As Cognito makes them: an encrypted token (JWE) of five parts. */
function refreshToken(): string {
  const parts = [{ cty: "JWT", enc: "A256GCM", alg: "RSA-OAEP" }, "key", "iv", "ciphertext", "tag"];
  return parts.map(encode).join(".");
}

function clientIdInProto(): string {
  return JSON.stringify(claims({ client_id: undefined })).replace(
    "{",
    `{"__proto__":{"client_id":"${clientId}"},`,
  );
}

const idCases = (claim: string, values: readonly unknown[]): Attack[] =>
  values.map(
    (value): Attack => [
      value === undefined ? `a missing ${claim}` : `${claim} ${JSON.stringify(value)}`,
      () => signed(header(), identityClaims({ [claim]: value })),
    ],
  );

refuses(
  "identities, where ID tokens are expected",
  401,
  {
    wrong_token_use: [
      ...idCases("token_use", [undefined, null, "access", "ID", ["id"]]),
      ["an access token", () => token()],
      ["an access token with aud", () => token({ aud: clientId })],
    ],
    wrong_client: [
      ...idCases("aud", noClients),
      [
        "client_id in place of aud",
        () => signed(header(), identityClaims({ aud: undefined, client_id: clientId })),
      ],
    ],
    invalid_subject: idCases("sub", [undefined, "", 42]),
    wrong_issuer: idCases("iss", [undefined, `${issuer}/`, [issuer]]),
  },
  { TOKEN_USE: "id" },
);

refuses(
  "the older issuer form, where the newer is configured",
  401,
  { wrong_issuer: [["a token of the older form", () => token()]] },
  { ISSUER: issuer.replace("cognito-idp", "issuer-cognito-idp") },
);

describe("a process whose Object.prototype was written to", () => {
  async function whileInherited(claim: string, value: unknown, check: () => Promise<void>): Promise<void> {
    Object.defineProperty(Object.prototype, claim, { value, configurable: true });
    try {
      await check();
    } finally {
      Reflect.deleteProperty(Object.prototype, claim);
    }
  }

  for (const [claim, value, reason, make] of [
    ["client_id", clientId, "wrong_client", () => token({ client_id: undefined })],
    ["sub", "mallory", "invalid_subject", () => token({ sub: undefined })],
    ["kid", header().kid, "invalid_key_id", () => token({}, { kid: undefined })],
  ] as const)
    it(`does not lend a token its ${claim}`, async () => {
      const authorizer = loadAuthorizer();
      const event = withToken(make());
      await whileInherited(claim, value, async () => {
        assert.equal((await authorizer.decide(event)).reason, reason);
      });
    });
});
