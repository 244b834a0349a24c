import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { resource } from "../resource-graph.ts";
import { deployedApi, invokeArn, type RouteOfGraph, routeResources } from "./integration-graph.ts";

const mock = { integrationType: "MOCK" };
const proxy = { integrationType: "AWS_PROXY", integrationUri: invokeArn("say") };
const aws = { ...proxy, integrationType: "AWS" };

/** What local mode says to a program with such a route. */
function refusalOf(route: RouteOfGraph): string {
  try {
    deployedApi(routeResources(route));
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    return error.message;
  }
  return assert.fail("it was taken");
}

const leaveOut = "is not emulated locally: leave it out when you run locally";

describe("an integration that local mode does not emulate", () => {
  for (const integrationType of ["HTTP", "HTTP_PROXY"])
    it(`is of type ${integrationType}`, () => {
      assert.equal(
        refusalOf({ integration: { integrationType, integrationUri: "https://example.com" } }),
        `integration "say": integrationType ${integrationType} is not emulated locally, only AWS_PROXY and AWS with a function, and MOCK: use one of these, or leave it out when you run locally`,
      );
    });

  for (const action of [
    "dynamodb:action/PutItem",
    "sqs:path/123456789012/queue",
    "states:action/StartExecution",
  ])
    it(`calls ${action}`, () => {
      const integrationUri = `arn:aws:apigateway:us-east-1:${action}`;
      for (const integrationType of ["AWS", "AWS_PROXY"])
        assert.equal(
          refusalOf({ integration: { integrationType, integrationUri } }),
          `integration "say": ${integrationUri} is not the invoke ARN of a function, and nothing else is emulated locally: call the service from a function, or leave it out when you run locally`,
        );
    });

  const properties: readonly [integration: Properties, property: string][] = [
    [{ contentHandlingStrategy: "CONVERT_TO_TEXT" }, 'contentHandlingStrategy "CONVERT_TO_TEXT"'],
    [{ contentHandlingStrategy: "CONVERT_TO_BINARY" }, 'contentHandlingStrategy "CONVERT_TO_BINARY"'],
    [
      { requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" } },
      `requestParameters {"integration.request.header.X-Amz-Invocation-Type":"'Event'"}`,
    ],
    [{ connectionType: "VPC_LINK" }, 'connectionType "VPC_LINK"'],
    [{ connectionId: "link" }, 'connectionId "link"'],
  ];
  for (const [inputs, property] of properties)
    it(`has ${property}`, () => {
      for (const integration of [mock, proxy, aws])
        assert.equal(
          refusalOf({ integration: { ...integration, ...inputs } }),
          `integration "say": ${property} ${leaveOut}`,
        );
    });

  for (const [inputs, property] of [
    [{ requestTemplates: { a: "b" } }, 'requestTemplates {"a":"b"}'],
    [{ templateSelectionExpression: "$default" }, 'templateSelectionExpression "$default"'],
    [{ passthroughBehavior: "NEVER" }, 'passthroughBehavior "NEVER"'],
  ] as const)
    it(`is a proxy with ${property}`, () => {
      assert.equal(
        refusalOf({ integration: { ...proxy, ...inputs } }),
        `integration "say": ${property} ${leaveOut}`,
      );
    });

  it("is a mock with credentials", () => {
    const credentialsArn = "arn:aws:iam::123456789012:role/any";
    assert.equal(
      refusalOf({ integration: { ...mock, credentialsArn } }),
      `integration "say": credentialsArn "${credentialsArn}" ${leaveOut}`,
    );
  });

  for (const credentialsArn of ["arn:aws:iam::*:user/*", "arn:aws:iam::123456789012:role/theirs"])
    it(`has the credentials ${credentialsArn}`, () => {
      for (const integration of [proxy, aws])
        assert.equal(
          refusalOf({ integration: { ...integration, credentialsArn } }),
          `integration "say": credentials ${credentialsArn} are no role that the program declares, so local mode cannot tell what they allow: declare the role, or use a Lambda permission`,
        );
    });

  it("selects its templates by another variable than a member of the body", () => {
    const templateSelectionExpression = "${request.header.kind}";
    assert.equal(
      refusalOf({ integration: { ...mock, templateSelectionExpression } }),
      'integration "say": ${request.header.kind} in the selection expression ${request.header.kind} is not emulated locally: write $request.body.<path> or ${request.body.<path>}',
    );
  });

  it("has a template that uses more of Velocity", () => {
    const requestTemplates = { $default: "#set($a = 1)" };
    const message = refusalOf({ integration: { ...mock, requestTemplates } });
    assert.ok(
      message.startsWith('integration "say": #set in a mapping template is not emulated locally, '),
      message,
    );
  });

  it("has an integration response that converts its content", () => {
    const responses = { $default: { contentHandlingStrategy: "CONVERT_TO_TEXT" } };
    assert.equal(
      refusalOf({ integration: mock, responses }),
      `integration response "say $default": contentHandlingStrategy "CONVERT_TO_TEXT" ${leaveOut}`,
    );
  });

  it("has an integration response that selects its templates by the answer", () => {
    const templateSelectionExpression = "${integration.response.statuscode}";
    assert.equal(
      refusalOf({ integration: aws, responses: { "/200/": { templateSelectionExpression } } }),
      'integration response "say /200/": ${integration.response.statuscode} in the selection expression ${integration.response.statuscode} is not emulated locally: write $request.body.<path> or ${request.body.<path>}',
    );
  });

  it("is a mock whose response template reads its input", () => {
    for (const template of ["$input.json('$')", "${input.body}", "$!input.body"])
      assert.equal(
        refusalOf({ integration: mock, responses: { $default: { responseTemplates: { a: template } } } }),
        'integration response "say $default": $input in a mapping template is not emulated locally for the answer of a MOCK integration, as what it reads is unconfirmed: use $context, or leave it out when you run locally',
      );
  });
});

describe("an integration with AWS's own defaults spelled out", () => {
  for (const integration of [mock, proxy, aws])
    it(`is served (${integration.integrationType})`, () => {
      const defaults = {
        connectionType: "INTERNET",
        passthroughBehavior: "WHEN_NO_MATCH",
        requestTemplates: {},
      };
      const { routes } = deployedApi(routeResources({ integration: { ...integration, ...defaults } }));
      assert.equal(routes.get("say")?.integration?.type, integration.integrationType);
    });
});

describe("an integration with credentials", () => {
  const roleArn = "arn:aws:iam::123456789012:role/caller";

  function statement(members: object): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...members }] });
  }

  /** Whether the role of an integration lets it call its function. */
  function mayInvoke(service: string, action: string, resourceArn: string): boolean | undefined {
    const { routes } = deployedApi([
      resource("iam/role:Role", "caller", {
        inputs: {
          assumeRolePolicy: statement({ Principal: { Service: service }, Action: "sts:AssumeRole" }),
        },
        outputs: { name: "caller", arn: roleArn },
      }),
      resource("iam/rolePolicy:RolePolicy", "caller", {
        inputs: { role: "caller", policy: statement({ Action: action, Resource: resourceArn }) },
      }),
      ...routeResources({ integration: { ...proxy, credentialsArn: roleArn } }),
    ]);
    const integration = routes.get("say")?.integration;
    return integration?.type === "AWS_PROXY" ? integration.target.roleMayInvoke : assert.fail("no proxy");
  }

  const gateway = "apigateway.amazonaws.com";
  const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:say";

  it("calls its function where API Gateway may assume the role, and the role may invoke it", () => {
    assert.equal(mayInvoke(gateway, "lambda:InvokeFunction", functionArn), true);
    assert.equal(mayInvoke(gateway, "lambda:*", "*"), true);
  });

  it("does not where either is missing", () => {
    assert.equal(mayInvoke("lambda.amazonaws.com", "lambda:InvokeFunction", functionArn), false);
    assert.equal(mayInvoke(gateway, "lambda:GetFunction", functionArn), false);
    assert.equal(mayInvoke(gateway, "lambda:InvokeFunction", `${functionArn}2`), false);
  });
});
