import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isReplacing } from "../../local/resources/replacement.ts";
import { resourceTypes } from "../../local/resources/resource-types.ts";

const replaces = (type: string, path: string) => isReplacing(`aws:${type}`, path);

describe("a changed property", () => {
  it("replaces a resource where no call of AWS can change it", () => {
    for (const [type, path] of [
      ["apigatewayv2/api:Api", "protocolType"],
      ["apigatewayv2/api:Api", "target"],
      ["apigatewayv2/deployment:Deployment", 'triggers["routes of the API"]'],
      ["apigatewayv2/stage:Stage", "name"],
      ["acm/certificate:Certificate", "subjectAlternativeNames[1]"],
      ["acm/certificate:Certificate", "validationOptions[0].validationDomain"],
      ["lambda/function:Function", "tenancyConfig.tenantIsolationMode"],
    ] as const)
      assert.equal(replaces(type, path), true, `${type} ${path}`);
  });

  it("updates a resource elsewhere", () => {
    for (const [type, path] of [
      ["apigatewayv2/api:Api", "name"],
      ["apigatewayv2/authorizer:Authorizer", "name"],
      ["apigatewayv2/model:Model", "name"],
      ["apigatewayv2/stage:Stage", "deploymentId"],
      ["apigatewayv2/route:Route", "routeKey"],
      ["cognito/userPool:UserPool", "name"],
      ["lambda/function:Function", "environment.variables.name"],
      ["apigateway/account:Account", "cloudwatchRoleArn"],
    ] as const)
      assert.equal(replaces(type, path), false, `${type} ${path}`);
  });

  it("replaces a permission, an attachment and a validation, whatever it is", () => {
    const whole = resourceTypes.filter(({ type }) => isReplacing(type, "anything"));
    assert.deepEqual(
      whole.map(({ type }) => type),
      [
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:lambda/permission:Permission",
      ],
    );
  });

  it("replaces what moves to another region, which nothing of IAM and Route 53 does", () => {
    const staying = resourceTypes.filter(({ type }) => !isReplacing(type, "region"));
    assert.deepEqual(
      staying.map(({ type }) => type),
      [
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:route53/record:Record",
      ],
    );
  });

  it("replaces nothing of a type that is not known", () => {
    assert.equal(replaces("s3/bucket:Bucket", "bucket"), false);
    assert.equal(isReplacing("pulumi:pulumi:StackReference", "name"), false);
  });
});
