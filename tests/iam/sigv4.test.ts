import assert from "node:assert/strict";
import { type Credentials, type SignedRequest, signRequest, verifySignature } from "../../local/iam/sigv4.ts";

// The credentials, scope and time of the AWS Signature Version 4 test suite.
const credentials: Credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const scope = { service: "service", region: "us-east-1", now: new Date("2015-08-30T12:36:00Z") };
const sessionToken = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const form = "Param1=value1";

interface Vector {
  readonly name: string;
  readonly line: string;
  readonly headers?: SignedRequest["headers"];
  readonly body?: string;
  readonly token?: string;
  readonly signedHeaders?: string;
  readonly signature: string;
}

const vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

/** From AWS's own suite, as kept in awslabs/aws-c-auth (tests/aws-signing-test-suite/v4). */
const vectors: readonly Vector[] = [
  { name: "get-vanilla", line: "GET /", signature: vanilla },
  {
    name: "post-vanilla",
    line: "POST /",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "get-vanilla-query-order-key-case",
    line: "GET /?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "get-vanilla-query-order-encoded",
    line: "GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
    signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
  },
  {
    name: "get-vanilla-query-unreserved",
    line: `GET /?${unreserved}=${unreserved}`,
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  {
    name: "get-vanilla-utf8-query",
    line: "GET /?ሴ=bar",
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  {
    name: "get-vanilla-with-session-token",
    line: "GET /",
    token: sessionToken,
    signedHeaders: "host;x-amz-date;x-amz-security-token",
    signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
  },
  {
    name: "get-header-key-duplicate",
    line: "GET /",
    headers: { "my-header1": ["value2", "value2", "value1"] },
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  {
    name: "get-header-value-trim",
    line: "GET /",
    headers: { "my-header1": " value1", "my-header2": ' "a   b   c"' },
    signedHeaders: "host;my-header1;my-header2;x-amz-date",
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "get-utf8",
    line: "GET /ሴ",
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  {
    name: "get-space",
    line: "GET /example space/",
    signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
  },
  { name: "get-relative-relative", line: "GET /example1/example2/../..", signature: vanilla },
  {
    name: "get-slash-pointless-dot",
    line: "GET /./example",
    signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
  },
  {
    name: "get-slashes",
    line: "GET //example//",
    signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
  },
  {
    name: "post-x-www-form-urlencoded",
    line: "POST /",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": "13",
      "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
    },
    body: form,
    signedHeaders: "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
    signature: "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
  },
  // These three as botocore 1.43 signs them.
  {
    name: "a path of reserved characters",
    line: "GET /!'()*/$@:,;=+&",
    signature: "1a5fbe1b7c8a211bfd8e198c0b28c6fe0bcb16fff3b6f09004e0262498398185",
  },
  {
    name: "a query that repeats a name",
    line: "GET /?b=1&a=2&a=1&a-=0&A=3",
    signature: "4d2c97288b0521871a3ad0f54c631c07e15f8e485867a15e6673ae743ed39c99",
  },
  {
    name: "a query of reserved characters",
    line: "GET /?a=x%3Dy&b=%21%27%28%29%2A%3F&c=",
    signature: "28692fb643a8c7c20966c06efea37b3cb2e192832ffef3f970be2ae257a01312",
  },
];

function requestOf(line: string, headers: SignedRequest["headers"] = {}, body = ""): SignedRequest {
  const [method = "", ...rawUrl] = line.split(" ");
  return {
    method,
    rawUrl: rawUrl.join(" "),
    headers: { host: "example.amazonaws.com", ...headers },
    body: Buffer.from(body),
  };
}

function authorizationOf({ signature, signedHeaders = "host;x-amz-date" }: Vector): string {
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

function credentialsOf({ token }: Vector): Credentials {
  return token === undefined ? credentials : { ...credentials, sessionToken: token };
}

function verify(
  request: SignedRequest,
  known: Credentials = credentials,
  change: Partial<typeof scope> = {},
) {
  const findCredentials = (id: string) => (id === known.accessKeyId ? known : undefined);
  return verifySignature(request, { ...scope, ...change, findCredentials });
}

const request = requestOf(
  "POST /prod/@connections/TXzPWdnOjoECGjA%3D?a=1",
  { "content-type": "text/plain" },
  "hi",
);

const { authorization } = signRequest(request, { ...scope, credentials });

/** The request above, signed, and then changed. */
function signed(
  change: Partial<SignedRequest> = {},
  options: Partial<Parameters<typeof signRequest>[1]> = {},
) {
  const added = signRequest(request, { ...scope, credentials, ...options });
  return { ...request, ...change, headers: { ...request.headers, ...added, ...change.headers } };
}

const mismatch = {
  error: "InvalidSignatureException",
  message:
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
};
const unrecognized = {
  error: "UnrecognizedClientException",
  message: "The security token included in the request is invalid.",
};
const accepted = { accessKeyId: "AKIDEXAMPLE" };

function invalid(message: string) {
  return { error: "InvalidSignatureException", message };
}

function incomplete(message: string) {
  return { error: "IncompleteSignatureException", message };
}

describe("Signature Version 4", () => {
  for (const vector of vectors) {
    const unsigned = requestOf(vector.line, vector.headers, vector.body);

    it(`signs ${vector.name} as AWS does`, () => {
      assert.deepEqual(signRequest(unsigned, { ...scope, credentials: credentialsOf(vector) }), {
        "x-amz-date": "20150830T123600Z",
        ...(vector.token === undefined ? {} : { "x-amz-security-token": vector.token }),
        authorization: authorizationOf(vector),
      });
    });

    it(`accepts ${vector.name}`, () => {
      const headers = {
        ...unsigned.headers,
        "x-amz-date": "20150830T123600Z",
        "x-amz-security-token": vector.token,
        authorization: authorizationOf(vector),
      };
      assert.deepEqual(verify({ ...unsigned, headers }, credentialsOf(vector)), accepted);
    });
  }

  // Captured from the clients' own traffic with the secret key "secret".
  const captures = {
    "AWS CLI 1.45": {
      line: "POST /prod/@connections/TXz_Wdn-jECGjA%3D",
      headers: {
        "x-amz-date": "20261122T101533Z",
        "user-agent": "aws-cli/1.45.11",
        "content-length": "6",
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=505e189cfb895bde79ecbc97c02cdd53f30029dfd52ffa2a88fe420426616e2f",
      },
    },
    "AWS SDK for JavaScript 3.1168": {
      line: "POST /prod//@connections/a%2Fb%2Bc%20d%27%28x%29%2A%21~%C3%A9",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": "6",
        "x-amz-user-agent": "aws-sdk-js/3.1168.0",
        "user-agent": "aws-sdk-js/3.1168.0",
        "amz-sdk-invocation-id": "1822075c-240c-4772-ab12-3e9df583dcb3",
        "amz-sdk-request": "attempt=1; max=3",
        "x-amz-date": "20261122T101537Z",
        "x-amz-content-sha256": "b2010c5a0de956a2e1df470c751aea65f8420b85fd4e0b17c112d94a1168d5bf",
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/execute-api/aws4_request, SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-user-agent, Signature=045a44663317605b132aed6034ded2732859c564eaee94dd107cc2f6498173dc",
        connection: "keep-alive",
      },
    },
  };
  for (const [client, { line, headers }] of Object.entries(captures)) {
    it(`accepts what ${client} sends to @connections`, () => {
      const sent = requestOf(line, { host: "127.0.0.1:8931", ...headers }, "hi ☃");
      const expected = {
        service: "execute-api",
        region: "eu-west-1",
        now: new Date("2026-11-22T10:15:40Z"),
      };
      assert.deepEqual(verify(sent, { ...credentials, secretAccessKey: "secret" }, expected), accepted);
    });
  }

  it("accepts a Date header in place of X-Amz-Date, and encodes a percent sign once more", () => {
    // get-space of the suite's first edition, as kept in boto/botocore (tests/unit/auth/aws4_testsuite).
    const date = "Mon, 09 Sep 2011 23:36:00 GMT";
    const sent = requestOf("GET /%20/foo", {
      host: "host.foo.com",
      date,
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20110909/us-east-1/host/aws4_request, SignedHeaders=date;host, Signature=2be9e587d1ee1f0fd02128724b86b4358ba3630d39f493b6e06610a19a50779e",
    });
    assert.deepEqual(verify(sent, credentials, { service: "host", now: new Date(date) }), accepted);
  });

  it("accepts an Authorization header in any order and spacing", () => {
    const [scheme, credential, headers, signature] = authorization.split(/,? /);
    for (const spelling of [
      `${scheme} ${credential},${headers},${signature}`,
      ` ${scheme}  ${signature} , ${headers}, ${credential} `,
      authorization.replace("content-type;host;x-amz-date", "x-amz-date;Host;content-type"),
    ]) {
      assert.deepEqual(verify(signed({ headers: { authorization: spelling } })), accepted);
    }
  });

  it("signs a query alike however it is encoded", () => {
    const signatureOf = (query: string) =>
      signRequest(requestOf(`GET /?${query}`), { ...scope, credentials }).authorization;
    const expected = signatureOf("a=x%3Dy&b=%21%27%28%29%2A%3F&c=");
    assert.equal(signatureOf("c&&b=!'()*?&%61=x=y"), expected);
    assert.notEqual(signatureOf("c&b=!'()*&a=x=y"), expected);
    assert.notEqual(signatureOf("c&b=!'()*?&a=x"), expected);
  });

  it("prefers X-Amz-Date to Date", () => {
    const date = "Mon, 09 Sep 2011 23:36:00 GMT";
    assert.deepEqual(verify(signed({ headers: { date } })), accepted);
  });

  it("refuses URLs that are not well encoded like any other", () => {
    for (const rawUrl of ["/%zz?%zz=%", "/\ud800?\udfff", "*", ""]) {
      assert.deepEqual(verify(signed({ rawUrl })), mismatch);
    }
  });

  it("refuses any change to what was signed", () => {
    const changes: Partial<SignedRequest>[] = [
      { method: "GET" },
      { rawUrl: "/prod/@connections/TXzPWdnOjoECGjB%3D?a=1" },
      { rawUrl: "/prod/@connections/TXzPWdnOjoECGjA=?a=1" },
      { rawUrl: "/prod/%40connections/TXzPWdnOjoECGjA%3D?a=1" },
      { rawUrl: "/prod/@connections/TXzPWdnOjoECGjA%3D?a=2" },
      { rawUrl: "/prod/@connections/TXzPWdnOjoECGjA%3D?a=1&b" },
      { rawUrl: "/prod/@connections/TXzPWdnOjoECGjA%3D" },
      { body: Buffer.from("ho") },
      { headers: { host: "example.com" } },
      { headers: { "content-type": "text/html" } },
      { headers: { "x-amz-date": "20150830T123601Z" } },
      { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
      { headers: { "x-amz-content-sha256": "0".repeat(64) } },
    ];
    assert.deepEqual(
      changes.map((change) => verify(signed(change))),
      changes.map(() => mismatch),
    );
    assert.deepEqual(verify(signed()), accepted);
    assert.deepEqual(verify(signed(), { ...credentials, secretAccessKey: "other" }), mismatch);
  });

  it("refuses every single change to the signature itself", () => {
    const start = authorization.indexOf("Signature=") + "Signature=".length;
    for (let index = start; index < authorization.length; index += 1) {
      const other = authorization[index] === "0" ? "1" : "0";
      const changed = authorization.slice(0, index) + other + authorization.slice(index + 1);
      assert.deepEqual(verify(signed({ headers: { authorization: changed } })), mismatch);
    }
    assert.deepEqual(verify(signed({ headers: { authorization: authorization.slice(0, -1) } })), mismatch);
    assert.deepEqual(verify(signed({ headers: { authorization: `${authorization}0` } })), mismatch);
  });

  it("leaves the body out where the client signed UNSIGNED-PAYLOAD", () => {
    const unsigned = requestOf("POST /", { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }, "hi");
    const headers = { ...unsigned.headers, ...signRequest(unsigned, { ...scope, credentials }) };
    assert.deepEqual(verify({ ...unsigned, headers, body: Buffer.from("ho") }), accepted);
    const hashed = { ...headers, "x-amz-content-sha256": "0".repeat(64) };
    assert.deepEqual(verify({ ...unsigned, headers: hashed }), mismatch);
  });

  it("signs neither Authorization, User-Agent nor what a connection adds", () => {
    const unsigned = requestOf("GET /", {
      authorization: "Bearer x",
      connection: "close",
      expect: "100-continue",
      "transfer-encoding": "chunked",
      "user-agent": "x",
      "x-amzn-trace-id": "Root=1",
      absent: undefined,
    });
    assert.deepEqual(signRequest(unsigned, { ...scope, credentials }), {
      "x-amz-date": "20150830T123600Z",
      authorization: authorizationOf({ name: "", line: "", signature: vanilla }),
    });
  });

  it("asks for a token where there is no Authorization header", () => {
    const missing = { error: "MissingAuthenticationTokenException", message: "Missing Authentication Token" };
    assert.deepEqual(verify(request), missing);
    assert.deepEqual(verify(signed({ headers: { authorization: " " } })), missing);
  });

  it("names what an Authorization header lacks, and shows no more of it than a hash", () => {
    const bearer = { authorization: "Bearer abc" };
    const nameless = { authorization: "Basic =abc" };
    const jwt = { authorization: "abc" };
    assert.deepEqual(
      verify({ ...request, headers: bearer }),
      incomplete(
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='.",
      ),
    );
    assert.deepEqual(
      verify({ ...request, headers: nameless }),
      incomplete(
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'sRiYziEjY7eHzZYrZbPESzY9G8vEgjSgC43eu709y14='.",
      ),
    );
    assert.deepEqual(
      verify({ ...request, headers: jwt }),
      incomplete(
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
      ),
    );
    const unsigned = signed({
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host" },
    });
    assert.deepEqual(
      verify(unsigned),
      incomplete(
        "Authorization header requires 'Signature' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=jOKAI4B63xT4DVDoUT+5mTBNQxho/nGWZSkaXc+9P/g=",
      ),
    );
  });

  it("refuses another algorithm, a short credential, a date it cannot read and an unsigned host", () => {
    const refusal = (from: string, to: string, headers: SignedRequest["headers"] = {}) =>
      verify(signed({ headers: { ...headers, authorization: authorization.replace(from, to) } }));
    assert.deepEqual(
      refusal("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
      incomplete("Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."),
    );
    assert.deepEqual(
      refusal("/aws4_request", ""),
      incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20150830/us-east-1/service'",
      ),
    );
    for (const date of ["2015-08-30T12:36:00Z", "Sun, 30 Aug 2015 12:36:00 GMT", "20159930T123600Z"]) {
      assert.deepEqual(
        refusal("", "", { "x-amz-date": date }),
        incomplete(
          `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
        ),
      );
    }
    assert.deepEqual(
      refusal("host;", ""),
      invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    );
  });

  it("treats a signed header that is absent as empty, whatever its name", () => {
    for (const name of ["constructor", "__proto__", "absent"]) {
      const changed = authorization.replace("SignedHeaders=", `SignedHeaders=${name};`);
      assert.deepEqual(verify(signed({ headers: { authorization: changed } })), mismatch);
    }
  });

  it("does not recognize another key, a wrong session token, or a token where the key has none", () => {
    const temporary = { ...credentials, sessionToken };
    assert.deepEqual(verify(signed(), { ...credentials, accessKeyId: "AKIDOTHER" }), unrecognized);
    assert.deepEqual(verify(signed(), temporary), unrecognized);
    assert.deepEqual(verify(signed({}, { credentials: temporary })), unrecognized);
    assert.deepEqual(
      verify(signed({}, { credentials: { ...credentials, sessionToken: "x" } }), temporary),
      unrecognized,
    );
    assert.deepEqual(verify(signed({}, { credentials: temporary }), temporary), accepted);
  });

  it("names each part of a scope that is not its own", () => {
    assert.deepEqual(
      verify(signed({}, { region: "eu-west-1" })),
      invalid("Credential should be scoped to a valid region."),
    );
    assert.deepEqual(
      verify(signed({}, { service: "s3" })),
      invalid("Credential should be scoped to correct service: 'service'."),
    );
    const scoped = authorization.replace(
      "20150830/us-east-1/service/aws4_request",
      "20150829/eu-west-1/s3/aws4",
    );
    assert.deepEqual(
      verify(signed({ headers: { authorization: scoped } })),
      invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from '20150830T123600Z'. Credential should be scoped to a valid region. Credential should be scoped to correct service: 'service'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'.",
      ),
    );
  });

  it("accepts a signature for five minutes either way, and not a second more", () => {
    const at = (time: string) => verify(signed(), credentials, { now: new Date(time) });
    assert.deepEqual(at("2015-08-30T12:41:00Z"), accepted);
    assert.deepEqual(at("2015-08-30T12:31:00Z"), accepted);
    assert.deepEqual(
      at("2015-08-30T12:41:01Z"),
      invalid(
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)",
      ),
    );
    assert.deepEqual(
      at("2015-08-30T12:30:59Z"),
      invalid(
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)",
      ),
    );
  });
});
