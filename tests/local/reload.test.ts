import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { WebSocket } from "ws";
import type { GraphChanges } from "../../local/graph/graph-changes.ts";
import type { Alter } from "../altered-graph.ts";
import { ask, bearer, handshakeStatus, open, startTestStack, type TestStack } from "../test-stack.ts";
import { accessToken, clientId, otherClientId } from "../token-factory.ts";
import { all, changed, withCode, without } from "./alterations.ts";

const asItIs: Alter = (resource) => resource;
const whoami = '{"action":"whoami"}';
const sendmessage = '{"action":"sendmessage","message":"x"}';

/** Code that answers with this text. */
const saying = (text: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(text)} });`;

/** Code that says in its log that it waits, until a file is there, and then answers with this text. */
const waiting = (file: string, text: string) => `
  const { existsSync } = require("node:fs");
  exports.handler = async () => {
    console.log("waiting");
    while (!existsSync(${JSON.stringify(file)})) await new Promise((resolve) => setTimeout(resolve, 5));
    return { statusCode: 200, body: ${JSON.stringify(text)} };
  };`;

function told({ resources }: GraphChanges): string[] {
  return resources.map(
    ({ operation, resource, properties }) =>
      `${operation} ${resource.type.split(":").at(-1)} ${resource.name}: ${properties}`,
  );
}

describe("a stack that is reloaded", () => {
  let alter: Alter;
  let runCount = 0;
  const settings: Record<string, string> = {};
  let stack: TestStack;
  let folder: string;
  let socket: WebSocket;
  let connectionId: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "reload-"));
    alter = asItIs;
    stack = await startTestStack({
      settings,
      alter: (resource) => {
        if (resource.type === "aws:apigatewayv2/api:Api") runCount++;
        return alter(resource);
      },
    });
  });
  after(async () => {
    await stack.close();
    rmSync(folder, { recursive: true });
  });

  /** A fresh connection to what the program declares as it is. */
  beforeEach(async () => {
    alter = asItIs;
    for (const key of Object.keys(settings)) delete settings[key];
    await stack.reload();
    const seen = stack.events.length;
    socket = await open(stack.url, bearer(accessToken()));
    ({ connectionId } = await stack.untilEvent(
      "handshake",
      (event) => stack.events.indexOf(event) >= seen && event.status === 101,
    ));
  });
  afterEach(() => socket.terminate());

  const disconnects = () =>
    stack.logs.filter(
      ({ logicalName, line, stream }) =>
        logicalName === "disconnect" && stream === "stdout" && line.includes(connectionId),
    );

  it("answers in the new code on an open connection, which ends once, with its own id", async () => {
    alter = withCode(
      "whoami",
      "exports.handler = async ({ requestContext }) => ({ statusCode: 200, body: requestContext.connectionId });",
    );
    const { changes, closedConnections } = await stack.reload();
    assert.deepEqual(told(changes), ["update Function whoami: code"]);
    assert.equal(closedConnections, 0);
    assert.equal(await ask(socket, whoami), connectionId);
    socket.close();
    await stack.untilLog(
      "disconnect",
      ({ line, stream }) => stream === "stdout" && line.includes(connectionId),
    );
    await stack.untilEvent("closed", (event) => event.connectionId === connectionId);
    assert.equal(disconnects().length, 1);
  });

  it("finishes in the old code what it began there", async () => {
    const gate = join(folder, "message");
    alter = withCode("whoami", waiting(gate, "old"));
    await stack.reload();
    socket.send(whoami);
    const answer = once(socket, "message");
    await stack.untilLog("whoami", ({ line }) => line === "waiting");
    alter = withCode("whoami", saying("new"));
    await stack.reload();
    writeFileSync(gate, "");
    assert.equal(String((await answer)[0]), "old");
    assert.equal(await ask(socket, whoami), "new");
  });

  it("keeps the warm environments of functions that are the same", async () => {
    const counting =
      "let count = 0; exports.handler = async () => ({ statusCode: 200, body: String(++count) });";
    alter = withCode("sendmessage", counting);
    await stack.reload();
    assert.equal(await ask(socket, sendmessage), "1");
    alter = all(withCode("sendmessage", counting), withCode("whoami", saying("new")));
    await stack.reload();
    assert.deepEqual([await ask(socket, whoami), await ask(socket, sendmessage)], ["new", "2"]);
    alter = all(
      withCode("sendmessage", counting),
      changed("lambda/function:Function", "sendmessage", (inputs) => ({ ...inputs, memorySize: 512 })),
    );
    await stack.reload();
    assert.equal(await ask(socket, sendmessage), "1");
  });

  it("routes the messages of an open connection as it is deployed now", async () => {
    alter = changed("apigatewayv2/route:Route", "whoami", (inputs) => ({ ...inputs, routeKey: "who" }));
    const { changes } = await stack.reload();
    assert.deepEqual(told(changes), ["update Route whoami: routeKey"]);
    assert.match(await ask(socket, whoami), /unknown action/);
    alter = without("lambda/permission:Permission", "whoami");
    await stack.reload();
    assert.match(await ask(socket, whoami), /^\{"message": "Internal server error"/);
  });

  for (const [what, fault, message] of [
    [
      "the program refuses its settings",
      () => {
        settings.tokenUse = "nonsense";
      },
      /^settings in Pulumi\.test\.yaml:\n {2}tokenUse is "nonsense", but must be access or id: .+$/,
    ],
    [
      "the program throws",
      () => {
        alter = () => {
          throw new Error("boom");
        };
      },
      /^boom$/,
    ],
    [
      "AWS refuses a resource",
      () => {
        alter = changed("apigatewayv2/authorizer:Authorizer", "cognito", (inputs) => ({
          ...inputs,
          authorizerResultTtlInSeconds: 300,
        }));
      },
      /^aws:apigatewayv2\/authorizer:Authorizer "cognito": authorizerResultTtlInSeconds is 300: /,
    ],
    [
      "a function cannot run locally",
      () => {
        alter = changed("lambda/function:Function", "whoami", ({ code, ...inputs }) => ({
          ...inputs,
          s3Bucket: "packages",
          s3Key: "whoami.zip",
        }));
      },
      /^function "whoami": local mode runs code given as an archive of local files \(code\), nothing else$/,
    ],
    [
      "its user pool is another one now",
      () => {
        settings.userPoolId = "us-east-1_Other";
      },
      /^userPoolId and issuerHost now name the user pool cognito-idp us-east-1_Other, which starts with a new run: end npm start and start it again$/,
    ],
  ] as const)
    it(`changes nothing if ${what}, and heals with the next reload`, async () => {
      const before = await ask(socket, whoami);
      fault();
      await assert.rejects(stack.reload(), { message });
      assert.equal(await ask(socket, whoami), before);
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
      delete settings.tokenUse;
      delete settings.userPoolId;
      alter = withCode("whoami", saying("healed"));
      await stack.reload();
      assert.equal(await ask(socket, whoami), "healed");
    });

  it("closes the connections of a stage that is gone, and serves the new one", async () => {
    const closed = once(socket, "close");
    settings.stageName = "beta";
    const { closedConnections } = await stack.reload();
    assert.equal(closedConnections, 1);
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1001, "Going away"]);
    assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 403);
    const beta = stack.url.replace(/prod$/, "beta");
    assert.equal(await handshakeStatus(beta, bearer(accessToken())), 101);
  });

  it("decides a handshake that is under way by what is deployed at its end", async () => {
    for (const [stageName, status] of [
      ["prod", 101],
      ["beta", 403],
    ] as const) {
      const gate = join(folder, `connect-${stageName}`);
      const logged = stack.logs.length;
      alter = withCode("connect", waiting(gate, ""));
      await stack.reload();
      const handshake = handshakeStatus(stack.url, bearer(accessToken()));
      await stack.untilLog(
        "connect",
        (entry) => entry.line === "waiting" && stack.logs.indexOf(entry) >= logged,
      );
      settings.stageName = stageName;
      await stack.reload();
      writeFileSync(gate, "");
      assert.equal(await handshake, status);
    }
  });

  it("takes and drops app clients, and keeps keys, users and the other clients' secrets", async () => {
    const { userPool } = stack;
    assert.ok(userPool);
    const { signingKeys, users } = userPool;
    const [first, second] = userPool.clients;
    const newest = "newestclient";
    settings.userPoolClientIds = JSON.stringify([clientId, otherClientId, newest]);
    const { changes } = await stack.reload();
    assert.deepEqual(told(changes), ["update Function authorizer: environment.variables.CLIENT_IDS"]);
    assert.deepEqual(userPool.clients.slice(0, 2), [first, second]);
    assert.match(userPool.findClient(newest)?.clientSecret ?? "", /^\w{51}$/);
    const token = () => bearer(accessToken({ client_id: newest }));
    assert.equal(await handshakeStatus(stack.url, token()), 101);
    settings.userPoolClientIds = JSON.stringify([clientId]);
    await stack.reload();
    assert.deepEqual(userPool.clients, [first]);
    assert.equal(await handshakeStatus(stack.url, token()), 401);
    assert.equal(userPool.signingKeys, signingKeys);
    assert.deepEqual(userPool.users, users);
  });

  it("runs the program once more for all that is asked during a reload", async () => {
    const count = runCount;
    const first = stack.reload();
    // The first run begins with the next turn: what follows comes during it.
    await new Promise(setImmediate);
    alter = withCode("whoami", saying("latest"));
    const [second, third] = [stack.reload(), stack.reload()];
    assert.deepEqual(
      told((await second).changes)
        .concat(told((await first).changes))
        .sort(),
      ["update Function whoami: code"],
    );
    assert.equal(await second, await third);
    assert.equal(runCount, count + 2);
    assert.equal(await ask(socket, whoami), "latest");
  });
});

describe("a stack that is closed during a reload", () => {
  it("fails the reload, and is closed", async () => {
    const stack = await startTestStack({ settings: { jwks: "runtime" } });
    const reload = stack.reload();
    const failed = assert.rejects(reload, new Error("the stack is closed"));
    await stack.close();
    await failed;
    await assert.rejects(open(stack.url), { code: "ECONNREFUSED" });
  });
});
