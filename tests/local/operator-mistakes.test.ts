import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { deploymentOf } from "../../local/stack/deployment.ts";
import { graphOf, resource } from "../resource-graph.ts";

const roleArn = "arn:aws:iam::123456789012:role/notify";
const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:notify";

function role(inputs: Properties = {}) {
  return resource("iam/role:Role", "notify", { inputs, outputs: { name: "notify", arn: roleArn } });
}

function lambda(inputs: Properties = {}) {
  const code = { files: { "index.js": "" } };
  return resource("lambda/function:Function", "notify", {
    inputs: { role: roleArn, runtime: "nodejs24.x", handler: "index.handler", code, ...inputs },
    outputs: { name: "notify", arn: functionArn },
  });
}

function stageOf(apiInputs: Properties) {
  const outputs = { apiEndpoint: "wss://a.execute-api.us-east-1.amazonaws.com", executionArn: "arn" };
  return [
    resource("apigatewayv2/api:Api", "chat", { id: "a", inputs: apiInputs, outputs }),
    resource("apigatewayv2/stage:Stage", "chat", {
      inputs: { apiId: "a", autoDeploy: true },
      outputs: { name: "prod", executionArn: "arn/prod" },
    }),
  ];
}

/** What cannot be served, by what is wrong with it, with all that is said of it. */
const mistakes = {
  "a stage of an HTTP API": [
    stageOf({ protocolType: "HTTP" }),
    'API "chat" is HTTP: local mode serves WEBSOCKET APIs only',
  ],
  "code that lies in S3": [
    [role(), lambda({ code: undefined, s3Bucket: "packages", s3Key: "notify.zip" })],
    'function "notify": local mode runs code given as an archive of local files (code), nothing else',
  ],
  "another runtime than Node.js": [
    [role(), lambda({ runtime: "python3.13" })],
    "function notify: runtime python3.13 cannot run locally, only nodejs runtimes can",
  ],
  "a path that leaves the package": [
    [role(), lambda({ code: { files: { "../index.js": "" } } })],
    "function notify: package path ../index.js leaves the package",
  ],
  "a role from elsewhere": [
    [lambda()],
    `a function has the role ${roleArn}, which the program does not declare`,
  ],
  "a malformed inline policy": [
    [role({ inlinePolicies: [{ name: "logs", policy: '{"Version":"2012-10-17"}' }] }), lambda()],
    'inline policy "logs" of role "notify": policy has no Statement',
  ],
  "a permission for a function that is not there": [
    [resource("lambda/permission:Permission", "api", { inputs: { function: "absent", action: "*" } })],
    'permission "api": there is no function absent',
  ],
} as const;

describe("a program that cannot be served", () => {
  for (const [what, [resources, message]] of Object.entries(mistakes))
    it(`is told of ${what} in one line`, () => {
      assert.throws(
        () => deploymentOf(graphOf(...resources)),
        (error) => {
          assert.ok(error instanceof OperatorError, String((error as Error).stack));
          assert.equal(error.message, message);
          return true;
        },
      );
    });
});
