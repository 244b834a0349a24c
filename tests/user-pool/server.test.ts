import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startUserPoolServer } from "../../local/user-pool/server.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { UserPools } from "../../local/user-pool/user-pools.ts";
import {
  type LocalCognito,
  outcomeOf,
  publicClient,
  refusal,
  startLocalCognito,
  userPoolId,
} from "./local-cognito.ts";

const invalid = (message: string) => refusal("InvalidParameterException", message);

describe("user pool server", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const postTo = (target: string, body = "{}") => cognito.post({ "X-Amz-Target": target }, body);
  const postToGetUser = async (body: string) =>
    outcomeOf(await postTo("AWSCognitoIdentityProviderService.GetUser", body));

  it("listens on loopback and says where", () => {
    assert.equal(cognito.server.url, `http://127.0.0.1:${cognito.server.port}`);
    assert.ok(cognito.server.port > 0);
  });

  it("rejects with EADDRINUSE when the port is taken", async () => {
    const { port } = cognito.server;
    await assert.rejects(startUserPoolServer(cognito.pools, { port }), { code: "EADDRINUSE" });
  });

  it("frees its port when it closes, and may be closed twice", async () => {
    const { port } = cognito.server;
    await cognito.server.close();
    await cognito.server.close();
    const next = await startUserPoolServer(cognito.pools, { port });
    await next.close();
  });

  it("drops a request that is under way when it closes", async () => {
    const socket = await startRequest(cognito.server.port);
    const dropped = once(socket, "close");
    await cognito.server.close();
    await dropped;
  });

  it("prints nothing when a client goes away in the middle of a request", async () => {
    const printed = await capturePrinted(async () => {
      const socket = await startRequest(cognito.server.port);
      socket.destroy();
      await once(socket, "close");
      await cognito.get(`/${userPoolId}/.well-known/jwks.json`);
    });
    assert.deepEqual(printed, []);
  });

  it("publishes the pool's keys, also after they rotate", async () => {
    const path = `/${userPoolId}/.well-known/jwks.json`;
    const before = await cognito.get(path);
    assert.deepEqual(outcomeOf(before), [200, cognito.pool.jwks()]);
    assert.equal(before.headers.get("content-type"), "application/json");
    cognito.pool.rotateSigningKeys();
    const after = await cognito.get(`${path}?refresh`);
    assert.deepEqual(outcomeOf(after), [200, cognito.pool.jwks()]);
    assert.notDeepEqual(after.body, before.body);
  });

  it("publishes an OpenID configuration with the real issuer", async () => {
    const issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_LocalPool";
    assert.deepEqual(outcomeOf(await cognito.get(`/${userPoolId}/.well-known/openid-configuration`)), [
      200,
      {
        id_token_signing_alg_values_supported: ["RS256"],
        issuer,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
        response_types_supported: ["code", "token"],
        scopes_supported: ["openid", "email", "phone", "profile"],
        subject_types_supported: ["public"],
      },
    ]);
  });

  it("has no documents of other pools, and no other paths", async () => {
    for (const document of ["jwks.json", "openid-configuration"]) {
      assert.deepEqual(
        outcomeOf(await cognito.get(`/us-east-1_Other/.well-known/${document}`)),
        refusal("ResourceNotFoundException", "User pool us-east-1_Other does not exist."),
      );
    }
    for (const path of ["/", `/${userPoolId}/.well-known/other`, "/../etc/passwd"]) {
      const reply = await cognito.get(path);
      assert.deepEqual(outcomeOf(reply), [404, { __type: "UnknownOperationException" }]);
      assert.equal(reply.headers.get("content-type"), "application/json");
    }
  });

  it("takes calls by POST at the root only, and HEAD as GET", async () => {
    const headers = { "X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser" };
    const statusOf = async (method: string, path: string) =>
      (await fetch(`${cognito.server.url}${path}`, { method, headers })).status;
    assert.deepEqual(
      await Promise.all([
        statusOf("POST", "/other"),
        statusOf("PUT", "/"),
        statusOf("HEAD", `/${userPoolId}/.well-known/jwks.json`),
        statusOf("POST", `/${userPoolId}/.well-known/jwks.json`),
      ]),
      [404, 404, 200, 404],
    );
  });

  it("answers as the API does: JSON 1.1, a request id, and an error's name and message as headers", async () => {
    const reply = await cognito.call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: publicClient.clientId,
      AuthParameters: { USERNAME: "alice", PASSWORD: "wrong" },
    });
    assert.deepEqual(outcomeOf(reply), refusal("NotAuthorizedException", "Incorrect username or password."));
    assert.equal(reply.headers.get("content-type"), "application/x-amz-json-1.1");
    assert.equal(reply.headers.get("x-amzn-errortype"), "NotAuthorizedException:");
    assert.equal(reply.headers.get("x-amzn-errormessage"), "Incorrect username or password.");
    const other = await cognito.call("GetUser", { AccessToken: "made-up" });
    assert.match(reply.headers.get("x-amzn-requestid") ?? "", /^[0-9a-f-]{36}$/);
    assert.notEqual(other.headers.get("x-amzn-requestid"), reply.headers.get("x-amzn-requestid"));
  });

  it("keeps an error's header printable and short whatever the client sent", async () => {
    const reply = await cognito.call("InitiateAuth", {
      AuthFlow: `\r\nX: é${"x".repeat(100_000)}`,
      ClientId: publicClient.clientId,
    });
    assert.equal(reply.status, 400);
    const message = reply.headers.get("x-amzn-errormessage") ?? "";
    assert.ok(message.startsWith("1 validation error detected: Value '??X: ?xxx"), message.slice(0, 80));
    assert.equal(message.length, 1024);
  });

  it("refuses unknown and missing targets", async () => {
    const replies = await Promise.all([
      postTo("AWSCognitoIdentityProviderService.Other"),
      postTo("AWSCognitoIdentityProviderService.constructor"),
      postTo("GetUser"),
      postTo("AnOtherServiceWithANameOfThatLeng.GetUser"),
      cognito.post({}, "{}"),
    ]);
    assert.deepEqual(
      replies.map(outcomeOf),
      replies.map(() => [400, { __type: "UnknownOperationException" }]),
    );
    assert.deepEqual(
      replies.map(({ headers }) => [headers.get("x-amzn-errortype"), headers.get("x-amzn-errormessage")]),
      replies.map(() => ["UnknownOperationException:", null]),
    );
  });

  it("refuses bodies that are not JSON objects or have members of another type", async () => {
    const bodies = ["", "{", "null", "[]", '"text"', '{"AccessToken":5}', '{"AccessToken":{}}'];
    const outcomes = [
      ...(await Promise.all(bodies.map(postToGetUser))),
      outcomeOf(
        await cognito.call("InitiateAuth", {
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: 5 },
        }),
      ),
      outcomeOf(await cognito.call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: [] })),
    ];
    assert.deepEqual(
      outcomes,
      outcomes.map(() => [400, { __type: "SerializationException" }]),
    );
  });

  it("lists every constraint that the input breaks, without a sensitive value", async () => {
    assert.deepEqual(
      await postToGetUser('{"AccessToken":null}'),
      invalid(
        "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null",
      ),
    );
    assert.deepEqual(
      await postToGetUser('{"AccessToken":"not a token"}'),
      invalid(
        "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: " +
          "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
      ),
    );
    assert.deepEqual(
      outcomeOf(await cognito.callSigned("DescribeUserPoolClient", { UserPoolId: "none", ClientId: "" })),
      invalid(
        "3 validation errors detected: Value 'none' at 'userPoolId' failed to satisfy constraint: " +
          "Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+; " +
          "Value at 'clientId' failed to satisfy constraint: " +
          "Member must satisfy regular expression pattern: [\\w+]+; " +
          "Value at 'clientId' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    );
    assert.deepEqual(
      outcomeOf(await cognito.callSigned("DescribeUserPool", {})),
      invalid(
        "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
      ),
    );
  });

  it("refuses administrators' operations without an AWS signature, before it looks at the input", async () => {
    const target = "AWSCognitoIdentityProviderService.DescribeUserPool";
    const refused = refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
    assert.deepEqual(outcomeOf(await postTo(target, "{")), refused);
    const bearer = { "X-Amz-Target": target, Authorization: "Bearer AWS4-HMAC-SHA256 " };
    assert.deepEqual(outcomeOf(await cognito.post(bearer, "{}")), refused);
    for (const operation of [
      "AdminInitiateAuth",
      "AdminGetUser",
      "DescribeUserPoolClient",
      "ListUserPoolClients",
    ]) {
      assert.deepEqual(outcomeOf(await cognito.call(operation, {})), refused);
    }
  });

  it("takes a body of 256 KB and refuses a larger one", async () => {
    const bodyOf = (size: number) => `{"AccessToken":"${"a".repeat(size - 18)}"}`;
    assert.deepEqual(
      await postToGetUser(bodyOf(256 * 1024)),
      refusal("NotAuthorizedException", "Invalid Access Token"),
    );
    assert.deepEqual(await postToGetUser(bodyOf(256 * 1024 + 1)), [
      413,
      { __type: "RequestEntityTooLargeException" },
    ]);
  });

  it("answers a fault of its own with 500 and prints it", async () => {
    const fault = new Error("clock stopped");
    let started = false;
    const pool = new UserPool({
      userPoolId,
      clients: [publicClient],
      users: [{ username: "alice", password: "Alice-demo-1", groups: [] }],
      clock: () => {
        if (started) throw fault;
        return 0;
      },
      signingKeys: cognito.pool.signingKeys,
    });
    started = true;
    const outcomes: string[] = [];
    const server = await startUserPoolServer(new UserPools([pool]), {
      port: 0,
      onAuthentication: ({ outcome }) => outcomes.push(outcome),
    });
    const printed = await capturePrinted(async () => {
      const response = await fetch(server.url, {
        method: "POST",
        headers: { "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth" },
        body: JSON.stringify({
          AuthFlow: "USER_PASSWORD_AUTH",
          ClientId: publicClient.clientId,
          AuthParameters: { USERNAME: "alice", PASSWORD: "Alice-demo-1" },
        }),
      });
      assert.equal(response.status, 500);
      assert.deepEqual(await response.json(), {
        __type: "InternalErrorException",
        message: "internal error",
      });
    }).finally(() => server.close());
    assert.deepEqual(printed, [fault]);
    assert.deepEqual(outcomes, ["InternalErrorException"]);
  });
});

/** A connection whose request the server has begun to read and will never see the end of. */
async function startRequest(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  const [answer] = await once(socket, "data");
  assert.equal(String(answer), "HTTP/1.1 100 Continue\r\n\r\n");
  return socket;
}

async function capturePrinted(run: () => Promise<void>): Promise<unknown[]> {
  const printed: unknown[] = [];
  const { error } = console;
  console.error = (...values: unknown[]) => printed.push(...values);
  try {
    await run();
  } finally {
    console.error = error;
  }
  return printed;
}
