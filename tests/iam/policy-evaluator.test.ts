import assert from "node:assert/strict";
import {
  type AccessRequest,
  evaluatePolicies,
  type PolicyDocument,
  type Principal,
  type Statement,
} from "../../local/iam/policy-evaluator.ts";

const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/$connect";
const connect: AccessRequest = { action: "execute-api:Invoke", resource: methodArn };

function policy(...statements: Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function decide(statement: Statement, request: Partial<AccessRequest> = {}) {
  return evaluatePolicies([policy(statement)], { ...connect, ...request });
}

const allowAll: Statement = { Effect: "Allow", Action: "*", Resource: "*" };
const denyAll: Statement = { Effect: "Deny", Action: "*", Resource: "*" };
const denyOther: Statement = { Effect: "Deny", Action: "s3:*", Resource: "*" };

describe("policy evaluation", () => {
  it("denies implicitly without a policy or without a statement that matches", () => {
    assert.equal(evaluatePolicies([], connect), "implicitDeny");
    assert.equal(evaluatePolicies([policy(denyOther)], connect), "implicitDeny");
  });

  it("lets a Deny win over any Allow, in any order, statement and document", () => {
    assert.equal(evaluatePolicies([policy(allowAll, denyAll)], connect), "explicitDeny");
    assert.equal(evaluatePolicies([policy(denyAll, allowAll)], connect), "explicitDeny");
    assert.equal(evaluatePolicies([policy(denyAll), policy(allowAll)], connect), "explicitDeny");
    assert.equal(evaluatePolicies([policy(allowAll), policy(denyAll)], connect), "explicitDeny");
    assert.equal(evaluatePolicies([policy(allowAll, denyOther)], connect), "allowed");
  });

  it("reads a Statement that is not in an array", () => {
    assert.equal(evaluatePolicies([{ Statement: allowAll }], connect), "allowed");
  });

  it("matches an authorizer's policy against methodArn", () => {
    const decideFor = (Resource: string | string[]) =>
      decide({ Effect: "Allow", Action: "execute-api:Invoke", Resource });
    assert.equal(decideFor(methodArn), "allowed");
    assert.equal(decideFor(["arn:aws:s3:::x", "arn:aws:execute-api:*:*:*/prod/*"]), "allowed");
    assert.equal(decideFor("arn:aws:execute-api:eu-west-1:123456789012:abc12?/*"), "allowed");
    assert.equal(decideFor("arn:aws:execute-api:*"), "allowed");
    assert.equal(decideFor("arn:aws:execute-api:eu-west-1:123456789012:abc123/dev/*"), "implicitDeny");
    assert.equal(decideFor("arn:aws:execute-api:eu-west-1:123456789012:abc123/prod"), "implicitDeny");
    assert.equal(decideFor("arn:aws:execute-api:eu-west-1:123456789012:abc123/PROD/*"), "implicitDeny");
    assert.equal(decideFor([]), "implicitDeny");
  });

  it("compares actions in any letter case, with wildcards", () => {
    const decideFor = (Action: string | string[]) => decide({ Effect: "Allow", Action, Resource: "*" });
    assert.equal(decideFor("EXECUTE-API:invoke"), "allowed");
    assert.equal(decideFor("execute-api:Inv*"), "allowed");
    assert.equal(decideFor(["s3:Get", "execute-api:Invok?"]), "allowed");
    assert.equal(decideFor("execute-api:ManageConnections"), "implicitDeny");
    assert.equal(decideFor("execute-api:Invok"), "implicitDeny");
  });

  it("turns the lists round in NotAction and NotResource", () => {
    const excepts = (names: Partial<Statement>) => decide({ Effect: "Allow", ...names } as Statement);
    assert.equal(excepts({ NotAction: "execute-api:*", Resource: "*" }), "implicitDeny");
    assert.equal(excepts({ NotAction: ["s3:*", "ec2:*"], Resource: "*" }), "allowed");
    assert.equal(excepts({ Action: "*", NotResource: [methodArn] }), "implicitDeny");
    assert.equal(excepts({ Action: "*", NotResource: "arn:aws:s3:::*" }), "allowed");
  });

  it("decides a role's right to post to a connection", () => {
    const Resource = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/POST/@connections/*";
    const statement: Statement = { Effect: "Allow", Action: "execute-api:ManageConnections", Resource };
    const request = (verb: string) => ({
      action: "execute-api:ManageConnections",
      resource: `arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/${verb}/@connections/TXzPWdnOjoECGjA=`,
    });
    assert.equal(decide(statement, request("POST")), "allowed");
    assert.equal(decide(statement, request("DELETE")), "implicitDeny");
  });

  it("decides a Lambda permission by action, function, service and source ARN", () => {
    const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:connect";
    const permission: Statement = {
      Sid: "connect",
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: functionArn,
      Condition: { ArnLike: { "AWS:SourceArn": methodArn } },
    };
    const invoke: AccessRequest = {
      action: "lambda:InvokeFunction",
      resource: functionArn,
      principal: { Service: "apigateway.amazonaws.com" },
      conditionKeys: { "aws:SourceArn": methodArn },
    };
    const { conditionKeys: _, ...invokeFromNowhere } = invoke;
    assert.equal(evaluatePolicies([policy(permission)], invoke), "allowed");
    const refused: AccessRequest[] = [
      { ...invoke, action: "lambda:GetFunction" },
      { ...invoke, resource: `${functionArn}2` },
      { ...invoke, principal: { Service: "events.amazonaws.com" } },
      { ...invoke, conditionKeys: { "aws:SourceArn": methodArn.replace("$connect", "$default") } },
      invokeFromNowhere,
    ];
    assert.deepEqual(
      refused.map((request) => evaluatePolicies([policy(permission)], request)),
      refused.map(() => "implicitDeny"),
    );
  });

  it("compares principals by kind, account and wildcard", () => {
    const user = { AWS: "arn:aws:iam::123456789012:user/ann" };
    const service = { Service: "lambda.amazonaws.com" };
    const decideFor = (Principal: NonNullable<Statement["Principal"]>, principal?: Principal) =>
      decide({ ...allowAll, Principal }, principal === undefined ? {} : { principal });
    assert.equal(decideFor("*"), "allowed");
    assert.equal(decideFor({ AWS: "*" }, user), "allowed");
    assert.equal(decideFor({ AWS: "*" }, service), "allowed");
    assert.equal(decideFor({ AWS: ["111111111111", user.AWS] }, user), "allowed");
    assert.equal(decideFor({ AWS: "123456789012" }, user), "allowed");
    assert.equal(decideFor({ AWS: "arn:aws:iam::123456789012:root" }, user), "allowed");
    assert.equal(decideFor({ AWS: "arn:aws:iam::210987654321:root" }, user), "implicitDeny");
    assert.equal(decideFor({ AWS: "arn:aws:iam::123456789012:user/*" }, user), "implicitDeny");
    assert.equal(decideFor({ AWS: user.AWS }), "implicitDeny");
    assert.equal(decideFor({ Service: [service.Service, "s3.amazonaws.com"] }, service), "allowed");
    assert.equal(decideFor({ Service: "s3.amazonaws.com" }, service), "implicitDeny");
    assert.equal(decideFor({ AWS: service.Service }, service), "implicitDeny");
    assert.equal(decideFor({ Service: user.AWS }, user), "implicitDeny");
  });

  it("denies all but the named with NotPrincipal", () => {
    const statement: Statement = { ...denyAll, NotPrincipal: { Service: "lambda.amazonaws.com" } };
    assert.equal(decide(statement, { principal: { Service: "lambda.amazonaws.com" } }), "implicitDeny");
    assert.equal(decide(statement, { principal: { Service: "s3.amazonaws.com" } }), "explicitDeny");
  });

  it("decides a trust policy, which names no resource", () => {
    const trust: Statement = {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    const assume = { action: "sts:AssumeRole", resource: "arn:aws:iam::123456789012:role/connect" };
    assert.equal(decide(trust, { ...assume, principal: { Service: "lambda.amazonaws.com" } }), "allowed");
    assert.equal(decide(trust, { ...assume, principal: { Service: "ec2.amazonaws.com" } }), "implicitDeny");
  });

  it("takes condition keys in any letter case and several values of one", () => {
    const statement: Statement = {
      ...allowAll,
      Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": ["team"] } },
    };
    assert.equal(decide(statement, { conditionKeys: { "AWS:TAGKEYS": ["cost", "team"] } }), "allowed");
    assert.equal(decide(statement, { conditionKeys: { "AWS:TAGKEYS": "team" } }), "allowed");
    assert.equal(decide(statement, { conditionKeys: { "AWS:TAGKEYS": "cost" } }), "implicitDeny");
    assert.equal(decide({ ...denyAll, ...statement, Effect: "Deny" }), "implicitDeny");
  });

  it("throws on a malformed statement even where another one decides", () => {
    const malformed: readonly [object, string][] = [
      [{ ...allowAll, Effect: "allow" }, 'Effect must be "Allow" or "Deny", not "allow"'],
      [{ Effect: "Allow", Resource: "*" }, "statement has neither Action nor NotAction"],
      [{ Effect: "Allow", Action: "s3:Get" }, "statement has neither Resource nor NotResource"],
      [
        { ...allowAll, Action: "s3:Get", Condition: { StringIs: { "aws:a": "b" } } },
        'unknown condition operator "StringIs"',
      ],
      [
        { ...allowAll, Action: "s3:Get", Resource: "arn:aws:s3:::${aws:username}" },
        'policy variables are not supported: "arn:aws:s3:::${aws:username}"',
      ],
    ];
    for (const [statement, message] of malformed) {
      assert.throws(() => evaluatePolicies([policy(denyAll, statement as Statement)], connect), { message });
    }
  });
});
