import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { deployPolicy, previewPolicy } from "../../local/ci/deploy-policy.ts";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import type { PolicyDocument } from "../../local/iam/policy-document.ts";
import { evaluatePolicies, parsePolicyDocument } from "../../local/iam/policy-evaluator.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { projectName } from "../project-name.ts";
import { type TestSettings, testStackConfig } from "../test-stack.ts";
import { withoutStackTraces } from "../without-stack-traces.ts";

const account = { accountId: "111122223333", apiGatewayLogRoleArn: "arn:aws:iam::111122223333:role/logs" };

function graphOf(settings: TestSettings = {}): Promise<ResourceGraph> {
  const stackConfig = testStackConfig({ jwks: "runtime", apiGatewayLogRole: "existing", ...settings });
  return withoutStackTraces(() => runWithMocks(stackConfig, { account }));
}

/** Whether a role with this policy may do it. */
function mayOf(policy: PolicyDocument) {
  const document = parsePolicyDocument(policy, "the policy of CI");
  return (action: string, resource: string, conditionKeys: Record<string, string> = {}) =>
    evaluatePolicies([document], { action, resource, conditionKeys }) === "allowed";
}

function actionsOf(policy: PolicyDocument): string[] {
  return [policy.Statement].flat().flatMap((statement) => Object(statement).Action);
}

const lambdaArn = "arn:aws:lambda:us-east-1:111122223333:function";
const roleArn = "arn:aws:iam::111122223333:role";
const passedTo = (service: string) => ({ "iam:PassedToService": service });

describe("the policy of a role that deploys", () => {
  let may: ReturnType<typeof mayOf>;

  before(async () => {
    may = mayOf(deployPolicy(await graphOf()));
  });

  it("takes in what the program declares, under every name that Pulumi can give it", () => {
    for (const [action, resource] of [
      ["lambda:CreateFunction", `${lambdaArn}:authorizer-0a1b2c3`],
      ["lambda:AddPermission", `${lambdaArn}:whoami-0a1b2c3`],
      ["iam:CreateRole", `${roleArn}/sendmessage-0a1b2c3`],
      ["iam:PutRolePolicy", `${roleArn}/sendmessage-0a1b2c3`],
      ["iam:CreatePolicy", "arn:aws:iam::111122223333:policy/manage-connections-0a1b2c3"],
      ["apigateway:POST", "arn:aws:apigateway:us-east-1::/apis"],
      ["apigateway:PATCH", "arn:aws:apigateway:us-east-1::/apis/a1b2c3d4e5/stages/prod"],
      [
        "logs:PutRetentionPolicy",
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/apigateway/a1b2c3d4e5/prod",
      ],
      ["cloudwatch:PutMetricAlarm", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:latency-0a1b2c3"],
      [
        "cloudwatch:PutDashboard",
        `arn:aws:cloudwatch::111122223333:dashboard/${projectName}-test-a1b2c3d4e5`,
      ],
    ] as const)
      assert.equal(may(action, resource), true, `${action} ${resource}`);
  });

  it("leaves everything else alone", () => {
    for (const [action, resource] of [
      ["lambda:CreateFunction", `${lambdaArn}:other`],
      ["lambda:InvokeFunction", `${lambdaArn}:authorizer-0a1b2c3`],
      ["lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111122223333:function:authorizer-0a1b2c3"],
      ["iam:CreateRole", `${roleArn}/admin`],
      ["iam:AttachRolePolicy", `${roleArn}/authorizer-0a1b2c3`],
      ["iam:CreateUser", "arn:aws:iam::111122223333:user/authorizer-0a1b2c3"],
      ["apigateway:PATCH", "arn:aws:apigateway:us-east-1::/account"],
      ["apigateway:DELETE", "arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5"],
      ["logs:DeleteLogGroup", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/other"],
    ] as const)
      assert.equal(may(action, resource), false, `${action} ${resource}`);
  });

  it("hands the functions' roles to Lambda, and to nobody else", () => {
    const role = `${roleArn}/whoami-0a1b2c3`;
    assert.equal(may("iam:PassRole", role, passedTo("lambda.amazonaws.com")), true);
    assert.equal(may("iam:PassRole", role, passedTo("ec2.amazonaws.com")), false);
    assert.equal(may("iam:PassRole", role), false);
  });

  it("sets the account's log role only where the stack manages it", async () => {
    const manages = mayOf(deployPolicy(await graphOf({ apiGatewayLogRole: "manage" })));
    const setting = "arn:aws:apigateway:us-east-1::/account";
    const role = `${roleArn}/api-gateway-logs-0a1b2c3`;
    const managed = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";
    for (const [granted, allowed] of [
      [manages, true],
      [may, false],
    ] as const) {
      assert.equal(granted("apigateway:PATCH", setting), allowed);
      assert.equal(granted("iam:PassRole", role, passedTo("apigateway.amazonaws.com")), allowed);
      assert.equal(granted("iam:AttachRolePolicy", role, { "iam:PolicyARN": managed }), allowed);
    }
    const admin = { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" };
    assert.equal(manages("iam:AttachRolePolicy", role, admin), false);
    assert.equal(may("apigateway:GET", setting), true);
  });

  it("takes in a domain of one's own, in one hosted zone", async () => {
    const settings = { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
    const withDomain = mayOf(deployPolicy(await graphOf(settings)));
    const zone = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ";
    for (const [action, resource] of [
      ["route53:ChangeResourceRecordSets", zone],
      ["acm:DescribeCertificate", "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"],
      ["apigateway:POST", "arn:aws:apigateway:us-east-1::/domainnames/chat.example.com/apimappings"],
    ] as const) {
      assert.equal(withDomain(action, resource), true, `${action} ${resource}`);
      assert.equal(may(action, resource), false, `${action} ${resource}`);
    }
    assert.equal(withDomain("route53:ChangeResourceRecordSets", `${zone}X`), false);
    const service = "ops.apigateway.amazonaws.com";
    const linkedRole = `${roleArn}/aws-service-role/${service}/AWSServiceRoleForAPIGateway`;
    const link = (granted: typeof may, name: string) =>
      granted("iam:CreateServiceLinkedRole", linkedRole, { "iam:AWSServiceName": name });
    assert.deepEqual(
      [link(withDomain, service), link(withDomain, "ecs.amazonaws.com"), link(may, service)],
      [true, false, false],
    );
  });

  it("names actions in full, and fits into a role's inline policies", async () => {
    const settings = { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
    const policy = deployPolicy(await graphOf({ ...settings, apiGatewayLogRole: "manage" }));
    const vague = actionsOf(policy).filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action));
    assert.deepEqual(vague, []);
    // 10,240 characters without white space are IAM's quota.
    assert.ok(JSON.stringify(policy).length < 10_240);
  });

  it("is refused for a resource whose needs are not known", async () => {
    const graph = await graphOf();
    const [table] = graph.resources;
    const resources = [{ ...table, custom: true, type: "aws:dynamodb/table:Table", name: "rows" }];
    assert.throws(() => deployPolicy({ ...graph, resources } as ResourceGraph), OperatorError);
    assert.throws(() => deployPolicy({ ...graph, resources } as ResourceGraph), {
      message:
        'aws:dynamodb/table:Table "rows": the calls that deploy it are not known: add them to local/resources/dynamodb/table.ts',
    });
  });
});

describe("the policy of a role that previews", () => {
  it("reads who it is and the account's log role, and no more", async () => {
    assert.deepEqual(actionsOf(previewPolicy(await graphOf())), ["sts:GetCallerIdentity", "apigateway:GET"]);
    for (const apiGatewayLogRole of ["manage", "off"] as const) {
      const policy = previewPolicy(await graphOf({ apiGatewayLogRole }));
      assert.deepEqual(actionsOf(policy), ["sts:GetCallerIdentity"], apiGatewayLogRole);
    }
  });
});
