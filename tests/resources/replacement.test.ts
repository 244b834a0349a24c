import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { deletesBeforeReplace, isReplacing } from "../../local/resources/replacement.ts";
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
      ["cognito/user:User", "username"],
      ["cognito/userPoolDomain:UserPoolDomain", "domain"],
      ["cognito/resourceServer:ResourceServer", "name"],
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
        "aws:cognito/userInGroup:UserInGroup",
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

describe("a replaced resource", () => {
  const isDeletedFirst = (type: string, inputs: object, isNameGenerated: boolean) =>
    deletesBeforeReplace(`aws:${type}`, { ...inputs }, isNameGenerated);

  it("is deleted first where the program gives a name that the provider could make up", () => {
    for (const { type, generatedName } of resourceTypes)
      if (generatedName) {
        const inputs = { [generatedName.property]: "mine" };
        assert.equal(deletesBeforeReplace(type, inputs, false), true, type);
        assert.equal(deletesBeforeReplace(type, inputs, true), false, type);
      }
  });

  it("is deleted last where it has no such name", () => {
    assert.equal(isDeletedFirst("iam/role:Role", { namePrefix: "join-" }, false), false);
    assert.equal(isDeletedFirst("apigatewayv2/stage:Stage", { name: null }, false), false);
    for (const [type, inputs] of [
      ["apigatewayv2/domainName:DomainName", { domainName: "chat.example.com" }],
      ["cloudwatch/dashboard:Dashboard", { dashboardName: "chat" }],
      ["route53/record:Record", { name: "chat.example.com" }],
      ["apigatewayv2/deployment:Deployment", { apiId: "a1b2c3" }],
      ["s3/bucket:Bucket", { bucket: "mine" }],
    ] as const)
      assert.equal(isDeletedFirst(type, inputs, false), false, type);
  });

  it("is deleted first where it attaches a policy to a role, as the next one may be the same to AWS", () => {
    assert.equal(isDeletedFirst("iam/rolePolicyAttachment:RolePolicyAttachment", {}, true), true);
  });
});
