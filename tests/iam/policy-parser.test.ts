import assert from "node:assert/strict";
import { type PolicyKind, parsePolicyDocument } from "../../local/iam/policy-parser.ts";

const statement = {
  Sid: "Post",
  Effect: "Allow",
  Action: ["execute-api:ManageConnections", "logs:Put*"],
  Resource: "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/POST/@connections/*",
};
const document = { Version: "2012-10-17", Statement: [statement] };

function put(member: object): object {
  const { Sid: _, ...rest } = statement;
  return { Version: "2012-10-17", Statement: [{ ...rest, ...member }] };
}

function without(...members: (keyof typeof statement)[]): object {
  return Object.fromEntries(Object.entries(statement).filter(([name]) => !members.includes(name as never)));
}

function refuses(source: unknown, message: string, kind: PolicyKind = "identity"): void {
  assert.throws(() => parsePolicyDocument(source, 'role policy "chat"', kind), {
    name: "Error",
    message: `role policy "chat": ${message}`,
  });
}

describe("policy document", () => {
  it("is read from an object and from JSON text alike", () => {
    assert.deepEqual(parsePolicyDocument(document, "here"), document);
    assert.deepEqual(parsePolicyDocument(JSON.stringify(document), "here"), document);
  });

  for (const [title, source] of [
    ["no Version", { Statement: [statement] }],
    ["the older Version and an Id", { ...document, Version: "2008-10-17", Id: "chat" }],
    ["one Statement outside an array", { Statement: statement }],
    [
      "NotAction and NotResource",
      put({ Action: undefined, NotAction: "*:*", Resource: undefined, NotResource: "*" }),
    ],
    [
      "wildcards in the partition",
      put({ Resource: ["arn:*:s3:::a", "arn:aws-*:s3:::a", "arn:aws-cn:s3:::a"] }),
    ],
    [
      "conditions",
      put({ Condition: { "ForAnyValue:StringLike": { "aws:a": ["b", "c"] }, Bool: { "aws:d": true } } }),
    ],
  ] as const) {
    it(`is accepted with ${title}`, () => {
      assert.equal(parsePolicyDocument(source, "here"), source);
    });
  }

  it("is accepted as a resource policy with a principal and as a trust policy without a resource", () => {
    const principals = [
      "*",
      { AWS: "*" },
      {
        AWS: [
          "123456789012",
          "arn:aws:iam::123456789012:role/chat",
          "arn:aws-cn:sts::123456789012:assumed-role/a/b",
        ],
      },
      { Service: "apigateway.amazonaws.com", Federated: "accounts.google.com" },
      { Service: ["ec2.amazonaws.com.cn", "ops.apigateway.amazonaws.com"] },
    ];
    for (const Principal of principals) {
      const resourcePolicy = put({ Sid: "allow-execution_1", Principal });
      assert.equal(parsePolicyDocument(resourcePolicy, "here", "resource"), resourcePolicy);
      const trustPolicy = { Statement: { Effect: "Allow", Principal, Action: "sts:AssumeRole" } };
      assert.equal(parsePolicyDocument(trustPolicy, "here", "trust"), trustPolicy);
    }
  });

  it("is refused when it is no JSON object", () => {
    refuses("{", 'policy is not JSON: "{"');
    refuses("[]", "policy must be an object, not []");
    refuses(undefined, "policy must be an object, not undefined");
    refuses("x".repeat(500), `policy is not JSON: "${"x".repeat(199)}...`);
    refuses({ Statement: ["x"] }, 'Statement[0] must be an object, not "x"');
  });

  it("is refused with a bad Version, without Statement, or with members that IAM does not know", () => {
    refuses(
      { ...document, Version: "2012-10-18" },
      'Version must be "2012-10-17" or "2008-10-17", not "2012-10-18"',
    );
    refuses({ Version: "2012-10-17" }, "policy has no Statement");
    refuses({ Statement: [] }, "Statement must not be empty");
    refuses({ ...document, Statements: [1] }, 'policy has an unknown member "Statements": [1]');
    refuses(put({ Actions: "s3:*" }), 'Statement[0] has an unknown member "Actions": "s3:*"');
    refuses(
      { Statement: [statement, put({})] },
      'Statement[1] has an unknown member "Version": "2012-10-17"',
    );
  });

  it("is refused with a bad or repeated Sid, or an Effect other than Allow and Deny", () => {
    refuses(put({ Sid: "a b" }), 'Statement[0].Sid must be alpha-numeric, not "a b"');
    refuses(
      { Statement: [statement, statement] },
      'Statement[1].Sid: Statement IDs (SID) in a single policy must be unique, not "Post" twice',
    );
    refuses(put({ Effect: "allow" }), 'Statement[0].Effect must be "Allow" or "Deny", not "allow"');
    refuses({ Statement: without("Effect") }, 'Statement[0].Effect must be "Allow" or "Deny", not undefined');
  });

  it("is refused without actions, with both kinds, or with a malformed one", () => {
    refuses({ Statement: without("Action") }, "Statement[0]: Policy statement must contain actions.");
    refuses(put({ Action: [] }), "Statement[0].Action: Policy statement must contain actions.");
    refuses(put({ NotAction: "s3:*" }), "Statement[0] has both Action and NotAction");
    refuses(put({ Action: [7] }), "Statement[0].Action: must be a string, not 7");
    refuses(put({ Action: "s3:Get Object" }), 'Statement[0].Action: "s3:Get Object" is not a valid action');
    refuses(
      put({ Action: "PutObject" }),
      'Statement[0].Action: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc., not "PutObject"',
    );
  });

  it("is refused without resources, with both kinds, or with a malformed one", () => {
    refuses({ Statement: without("Resource") }, "Statement[0]: Policy statement must contain resources.");
    refuses(put({ NotResource: "*" }), "Statement[0] has both Resource and NotResource");
    for (const resource of ["foo", "", "arn:aws:s3::x", "aws:arn:s3:::x", "undefined/*"]) {
      refuses(
        put({ Resource: ["*", resource] }),
        `Statement[0].Resource: Resource ${resource} must be in ARN format or "*".`,
      );
    }
    refuses(
      put({ NotResource: "arn:amazon:s3:::x", Resource: undefined }),
      'Statement[0].NotResource: Partition "amazon" is not valid for resource "arn:amazon:s3:::x".',
    );
    refuses(
      put({ Resource: "arn:aws:s3:::${aws:username}" }),
      'Statement[0].Resource: policy variables are not supported: "arn:aws:s3:::${aws:username}"',
    );
  });

  it("is refused with a principal in an identity policy and without one elsewhere", () => {
    const specified = "Policy document should not specify a principal.";
    refuses(put({ Principal: "*" }), `Statement[0].Principal: ${specified}`);
    refuses(put({ NotPrincipal: "*" }), `Statement[0].NotPrincipal: ${specified}`);
    refuses(put({}), "Statement[0] must contain Principal", "resource");
    refuses(put({}), "Statement[0] must contain Principal", "trust");
    refuses(
      put({ Principal: "*", NotPrincipal: "*" }),
      "Statement[0] has both Principal and NotPrincipal",
      "resource",
    );
    const prohibited = "Statement[0].Resource: Has prohibited field Resource";
    refuses(put({ Principal: "*" }), prohibited, "trust");
  });

  it("is refused with a principal that cannot be", () => {
    for (const [kind, identifier] of [
      ["AWS", "ann"],
      ["AWS", "arn:aws::iam::123456789012:root"],
      ["AWS", "12345"],
      ["Service", "apigateway"],
      ["Service", "*"],
      ["Service", "apigateway.amazonaws.com.evil.example"],
      ["Federated", ""],
      ["User", "ann"],
      ["constructor", "ann"],
    ] as const) {
      refuses(
        put({ Principal: { [kind]: identifier } }),
        `Statement[0].Principal: Invalid principal in policy: "${kind}":"${identifier}"`,
        "resource",
      );
    }
    refuses(put({ Principal: {} }), "Statement[0].Principal: Invalid principal in policy: {}", "resource");
    refuses(
      put({ Principal: { AWS: [] } }),
      'Statement[0].Principal: Invalid principal in policy: "AWS":[]',
      "resource",
    );
    refuses(
      put({ Principal: "ann" }),
      'Statement[0].Principal: Principal must be an object, not "ann"',
      "resource",
    );
  });

  it("is refused with a condition that cannot be evaluated", () => {
    const condition = (value: unknown, message: string) => refuses(put({ Condition: value }), message);
    condition([], "Statement[0].Condition must be an object, not []");
    condition({ Is: { "aws:a": "b" } }, 'Statement[0].Condition: unknown condition operator "Is"');
    condition({ Bool: { "aws:a": "b" } }, 'Statement[0].Condition: Bool cannot compare with "b"');
    condition({ Bool: "true" }, 'Statement[0].Condition: Bool must be an object, not "true"');
    condition({ Is: {} }, "Statement[0].Condition: Is names no condition key");
    condition({ Bool: { "aws:a": [] } }, 'Statement[0].Condition: Bool has no value for "aws:a"');
    condition(
      { Bool: { a: "true" } },
      'Statement[0].Condition: condition key "a" has no prefix such as "aws:"',
    );
    condition(
      { StringEquals: { "aws:a": [null] } },
      "Statement[0].Condition: condition values must be strings, numbers or booleans, not null",
    );
    condition(
      { StringEquals: { "aws:a": "${aws:b}" } },
      'Statement[0].Condition: policy variables are not supported: "${aws:b}"',
    );
  });
});
