import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readTarget } from "../../conformance/target.ts";
import { probeApis } from "../../conformance/variables.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { accessToken, idToken, now } from "../token-factory.ts";

const url = "wss://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod";
const good = { CONFORMANCE_URL: url, CONFORMANCE_TOKEN: accessToken() };
const expired = accessToken({ iat: now() - 7200, exp: now() - 3600 });

/** What a set of variables is refused with. */
function refusal(variables: Record<string, string>): string {
  try {
    readTarget(variables);
  } catch (error) {
    assert.ok(error instanceof OperatorError);
    return error.message;
  }
  throw new Error("it was not refused");
}

function firstLine(variables: Record<string, string>): string {
  return refusal({ ...good, ...variables }).split("\n")[0] ?? "";
}

describe("the target of conformance cases", () => {
  it("is an endpoint and a token at the least", () => {
    const { url, token, admitted, ...others } = readTarget(good);
    assert.deepEqual([url, token], [good.CONFORMANCE_URL, good.CONFORMANCE_TOKEN]);
    assert.equal(typeof admitted, "function");
    assert.deepEqual(new Set(Object.values(others)), new Set([undefined]));
  });

  it("has all that the variables tell of", () => {
    const urls = Object.fromEntries(probeApis.map((api) => [api, `${url}-${api}`]));
    const { admitted: _, ...target } = readTarget(
      {
        ...good,
        CONFORMANCE_URL: `${url}/`,
        CONFORMANCE_ID_TOKEN: idToken(),
        CONFORMANCE_EXPIRED_TOKEN: expired,
        CONFORMANCE_MANAGEMENT_ENDPOINT: "https://chat.example.com/prod/",
        CONFORMANCE_USER_POOL_ENDPOINT: "http://localhost:3001",
        CONFORMANCE_PROBE_URLS: JSON.stringify(urls),
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_SESSION_TOKEN: "session",
        AWS_REGION: "eu-west-1",
      },
      { slow: true },
    );
    assert.deepEqual(
      { ...target, idToken: typeof target.idToken },
      {
        url,
        token: good.CONFORMANCE_TOKEN,
        idToken: "string",
        expiredToken: expired,
        otherClientToken: undefined,
        forbiddenToken: undefined,
        managementEndpoint: "https://chat.example.com/prod",
        credentials: {
          accessKeyId: "key",
          secretAccessKey: "secret",
          sessionToken: "session",
          region: "eu-west-1",
        },
        userPoolEndpoint: "http://localhost:3001",
        probeUrls: urls,
        slow: true,
      },
    );
  });

  it("names every variable that is missing, and how to get it", () => {
    assert.equal(
      refusal({}),
      `CONFORMANCE_URL is not set. It is where clients connect, stage included:
  deployed stack  npx pulumi stack output url
  npm start       ws://localhost:3000/prod

CONFORMANCE_TOKEN is not set. It is a valid access token:
  deployed stack  aws cognito-idp initiate-auth, AuthenticationResult.AccessToken
  npm start       npm run -s token -- alice`,
    );
  });

  const malformed: readonly [variables: Record<string, string>, problem: string][] = [
    [
      { CONFORMANCE_URL: "https://x.example.com/prod" },
      'CONFORMANCE_URL is "https://x.example.com/prod", but must begin with wss:// or ws://. It is where clients connect, stage included:',
    ],
    [
      { CONFORMANCE_URL: `${url}?token=1` },
      "CONFORMANCE_URL has a query or a fragment. It is where clients connect, stage included:",
    ],
    [
      { CONFORMANCE_TOKEN: `Bearer ${accessToken()} x` },
      "CONFORMANCE_TOKEN is no JWT: it must be the token alone, three parts with dots between. It is a valid access token:",
    ],
    [
      { CONFORMANCE_TOKEN: idToken() },
      'CONFORMANCE_TOKEN is a token for the use "id", not "access". It is a valid access token:',
    ],
    [
      { CONFORMANCE_TOKEN: expired },
      "CONFORMANCE_TOKEN has expired: sign in again. It is a valid access token:",
    ],
    [
      { CONFORMANCE_ID_TOKEN: accessToken() },
      'CONFORMANCE_ID_TOKEN is a token for the use "access", not "id". It is a valid ID token:',
    ],
    [
      { CONFORMANCE_EXPIRED_TOKEN: accessToken({ exp: 4_102_444_800 }) },
      "CONFORMANCE_EXPIRED_TOKEN is good until 2100-01-01T00:00:00.000Z. It is an access token that has expired:",
    ],
    [
      { CONFORMANCE_MANAGEMENT_ENDPOINT: url },
      `CONFORMANCE_MANAGEMENT_ENDPOINT is "${url}", but must begin with https:// or http://. It is endpoint of @connections:`,
    ],
    [
      { CONFORMANCE_PROBE_URLS: "wss://x.example.com" },
      "CONFORMANCE_PROBE_URLS is not JSON. It is where clients connect to the probe's APIs, as JSON:",
    ],
    [
      { CONFORMANCE_PROBE_URLS: JSON.stringify({ events: url, faults: url }) },
      "CONFORMANCE_PROBE_URLS is a JSON object without identity, open, throttled, locked. It is where clients connect to the probe's APIs, as JSON:",
    ],
  ];
  for (const [variables, problem] of malformed)
    it(`is refused: ${problem.split(".")[0]}`, () => assert.equal(firstLine(variables), problem));

  it("is refused without showing a token", () => {
    const token = accessToken();
    const message = refusal({ CONFORMANCE_TOKEN: `Bearer ${token}`, CONFORMANCE_EXPIRED_TOKEN: token });
    assert.equal(message.includes(token.slice(0, 20)), false);
  });

  it("lets no more connections through than it may open", async () => {
    const { admitted } = readTarget(good, { connectionsPerSecond: 200 });
    const startedAt = performance.now();
    for (let i = 0; i < 11; i++) await admitted();
    assert.ok(performance.now() - startedAt >= 45, "10 intervals of 5 ms");
  });
});
