import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "mocha";
import type { RecordedResource } from "../../local/graph/resource-graph.ts";
import type { Alter } from "../altered-graph.ts";
import { unknownAction } from "../program/declared-routes.ts";
import {
  ask,
  bearer,
  handshakeStatus,
  open,
  startTestStack,
  type TestStack,
  withTestStack,
} from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { all, changed, without } from "./alterations.ts";

const whoami = '{"action":"whoami"}';

/** Serves the program with something left out. */
function served(
  alter: Alter,
  use: (stack: TestStack) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  return withTestStack({ alter, settings }, use);
}

function connect(stack: TestStack) {
  return open(stack.url, bearer(accessToken()));
}

/** An error frame, with its spaces and with any ids. */
function frame(message: string): RegExp {
  return new RegExp(
    `^\\{"message": "${message}", "connectionId":"[\\w-]{15}=", "requestId":"[\\w-]{15}="\\}$`,
  );
}

/** What the program declares under a name; `type` is short, like `lambda/function:Function`. */
function declared({ graph }: TestStack, type: string, name: string): RecordedResource {
  const found = graph.resources.find((resource) => resource.type === `aws:${type}` && resource.name === name);
  assert.ok(found, `${type} "${name}"`);
  return found;
}

/** The ARN of a function by its logical name. */
function functionArn(stack: TestStack, name: string): string {
  return declared(stack, "lambda/function:Function", name).outputs.arn;
}

/** The deployment without its dependence on routes of that name: it may be made before them. */
function deployedBefore(...names: string[]): Alter {
  return (resource) =>
    resource.type === "aws:apigatewayv2/deployment:Deployment"
      ? {
          ...resource,
          dependencies: resource.dependencies.filter((urn) => !names.includes(urn.split("::").at(-1) ?? "")),
        }
      : resource;
}

describe("the program without a permission", () => {
  const elsewhere = (name: string) =>
    changed("lambda/permission:Permission", name, (inputs) => ({
      ...inputs,
      sourceArn: inputs.sourceArn.replace("/prod/", "/test/").replace("/authorizers/", "/authorizers/x"),
    }));
  for (const [name, what] of [
    ["authorizer", "the authorizer"],
    ["connect", "$connect"],
  ] as const)
    for (const [how, alter] of [
      ["", without("lambda/permission:Permission", name)],
      [" of another source", elsewhere(name)],
    ] as const)
      it(`for ${what}${how && `, but with one${how}`}, opens no connection: 500`, () =>
        served(alter, async (stack) => {
          assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 500);
          const { because } = await stack.untilEvent("handshake");
          assert.ok(
            because?.includes(`no Lambda permission lets API Gateway call ${functionArn(stack, name)} for `),
          );
          assert.equal(stack.lambda.invocationCount(functionArn(stack, name)), 0);
        }));

  it("for a route answers its messages with an error, and stays connected", () =>
    served(without("lambda/permission:Permission", "whoami"), async (stack) => {
      const socket = await connect(stack);
      assert.match(await ask(socket, whoami), frame("Internal server error"));
      assert.match(await ask(socket, whoami), frame("Internal server error"));
      assert.equal(await ask(socket, '{"action":"other"}'), unknownAction);
      assert.equal(stack.lambda.invocationCount(functionArn(stack, "whoami")), 0);
      const { because } = await stack.untilEvent("answer");
      const [api] = stack.apis;
      assert.equal(
        because,
        `no Lambda permission lets API Gateway call ${functionArn(stack, "whoami")} for ${api?.stageArn}/whoami`,
      );
      const { target } = declared(stack, "apigatewayv2/route:Route", "whoami").inputs;
      assert.deepEqual(stack.warnings, [
        `aws:apigatewayv2/route:Route "whoami": target is "${target}": ${because}`,
      ]);
    }));

  it("for $disconnect closes connections without a word to it", () =>
    served(without("lambda/permission:Permission", "disconnect"), async (stack) => {
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
      await stack.close();
      assert.equal(stack.lambda.invocationCount(functionArn(stack, "disconnect")), 0);
    }));
});

describe("the program without a reply", () => {
  const missing: readonly [what: string, alter: Alter][] = [
    ["a route response", without("apigatewayv2/routeResponse:RouteResponse", "sendmessage")],
    [
      "the selection of a route response",
      changed(
        "apigatewayv2/route:Route",
        "sendmessage",
        ({ routeResponseSelectionExpression, ...inputs }) => inputs,
      ),
    ],
  ];
  for (const [what, alter] of missing)
    it(`that lacks ${what} calls the function and tells the client nothing`, () =>
      served(alter, async (stack) => {
        const socket = await connect(stack);
        const first = once(socket, "message");
        socket.send('{"action":"sendmessage","message":"hello"}');
        socket.send(whoami);
        assert.match(String((await first)[0]), /^\{"action":"whoami"/);
        assert.equal(stack.lambda.invocationCount(functionArn(stack, "sendmessage")), 1);
      }));
});

describe("the program without an identity source", () => {
  const settings = { tokenSources: '["header"]' };
  const invocations = (stack: TestStack) => stack.lambda.invocationCount(functionArn(stack, "authorizer"));

  it("pays for every request without a token", () =>
    served(
      changed("apigatewayv2/authorizer:Authorizer", "cognito", ({ identitySources, ...inputs }) => inputs),
      async (stack) => {
        assert.equal(await handshakeStatus(stack.url), 401);
        assert.equal(invocations(stack), 1);
      },
      settings,
    ));

  it("is not this program, where a request without a token never reaches the authorizer", () =>
    served(
      (resource) => resource,
      async (stack) => {
        assert.equal(await handshakeStatus(stack.url), 401);
        assert.equal(await handshakeStatus(stack.url, { headers: { Authorization: "" } }), 401);
        assert.equal(invocations(stack), 0);
        assert.equal(await handshakeStatus(stack.url, bearer("junk")), 401);
        assert.equal(invocations(stack), 1);
      },
      settings,
    ));
});

describe("the program without the right to log", () => {
  it("loses what that function logs, and says so", () =>
    served(without("iam/rolePolicy:RolePolicy", "authorizer"), async (stack) => {
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
      await stack.untilLog("disconnect", ({ stream }) => stream === "platform");
      assert.deepEqual([...new Set(stack.logs.map(({ logicalName }) => logicalName))].sort(), [
        "connect",
        "disconnect",
      ]);
      assert.deepEqual(stack.warnings, [
        'the role of function "authorizer" may not write its log: AWS drops what it logs, and so does local mode',
      ]);
    }));

  it("is not this program, which loses nothing", () =>
    served(
      (resource) => resource,
      async (stack) => {
        assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
        await stack.untilLog("authorizer", ({ line }) => line.includes('"decision":"allow"'));
        assert.deepEqual(stack.warnings, []);
      },
    ));
});

describe("the program with a deployment too early", () => {
  it("for a route does not serve it", () =>
    served(deployedBefore("whoami"), async (stack) => {
      assert.equal(await ask(await connect(stack), whoami), unknownAction);
    }));

  it("for a route and $default forbids its messages, and stays connected", () =>
    served(deployedBefore("whoami", "default"), async (stack) => {
      const socket = await connect(stack);
      for (const body of [whoami, "hello"]) assert.match(await ask(socket, body), frame("Forbidden"));
      const answer = await ask(socket, '{"action":"sendmessage","message":"hello"}');
      assert.equal(answer, '{"action":"sendmessage","from":"alice","message":"hello"}');
    }));

  it("for $connect lets everybody in, as no route asks the authorizer", () =>
    served(deployedBefore("connect"), async (stack) => {
      assert.equal(await handshakeStatus(stack.url), 101);
    }));
});

describe("the program that AWS refuses", () => {
  /** What AWS answers, without what Pulumi says before it. */
  async function refusalOf(alter: Alter): Promise<unknown> {
    const started = startTestStack({ alter });
    return started.then(
      async (stack) => {
        await stack.close();
        return "it was served";
      },
      (error: Error) => error.message.split("]: ").at(-1),
    );
  }

  for (const throttle of ["throttlingRateLimit", "throttlingBurstLimit"])
    it(`has a ${throttle} of 0`, async () => {
      const alter = changed("apigatewayv2/stage:Stage", "websocket", (inputs) => ({
        ...inputs,
        defaultRouteSettings: { ...inputs.defaultRouteSettings, [throttle]: 0 },
      }));
      assert.equal(
        await refusalOf(alter),
        `aws:apigatewayv2/stage:Stage "websocket": defaultRouteSettings.${throttle} is 0: both throttles must be set and positive: unset, the provider sends 0, and every connection is refused with 429`,
      );
    });

  it("has an authorizer on another route than $connect", async () => {
    const alter = changed("apigatewayv2/route:Route", "whoami", (inputs) => ({
      ...inputs,
      authorizationType: "CUSTOM",
      authorizerId: "lxxxxx",
    }));
    assert.equal(
      await refusalOf(alter),
      'aws:apigatewayv2/route:Route "whoami": authorizationType is "CUSTOM": BadRequestException: Currently, authorization is restricted to the $connect route only',
    );
  });

  it("logs without a role for API Gateway in the account", async () => {
    const alter = all(
      without("apigateway/account:Account", "region"),
      without("iam/rolePolicyAttachment:RolePolicyAttachment", "api-gateway-logs"),
    );
    assert.equal(
      await refusalOf(alter),
      'aws:apigatewayv2/stage:Stage "websocket": defaultRouteSettings.loggingLevel is "ERROR": BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging',
    );
  });
});
