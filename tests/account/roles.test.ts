import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rolePolicies } from "../../local/account/roles.ts";
import { graphOf, resource } from "../resource-graph.ts";

const roleArn = "arn:aws:iam::123456789012:role/join-role";
const role = resource("iam/role:Role", "join", {
  id: "join-role",
  outputs: { name: "join-role", arn: roleArn },
});

function policyDocument(action: string) {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] };
}

function inline(name: string, roleName: string, action: string) {
  const policy = JSON.stringify(policyDocument(action));
  return resource("iam/rolePolicy:RolePolicy", name, { inputs: { role: roleName, policy } });
}

function attachment(policyArn: string, roleName = "join-role") {
  return resource("iam/rolePolicyAttachment:RolePolicyAttachment", "attached", {
    inputs: { role: roleName, policyArn },
  });
}

describe("the policies of a role", () => {
  it("are those written into it and those attached to it, and no other role's", () => {
    const policyArn = "arn:aws:iam::123456789012:policy/push";
    const policy = resource("iam/policy:Policy", "push", {
      inputs: { policy: JSON.stringify(policyDocument("execute-api:ManageConnections")) },
      outputs: { arn: policyArn },
    });
    const graph = graphOf(
      role,
      inline("first", "join-role", "logs:PutLogEvents"),
      inline("second", "join-role", "logs:CreateLogStream"),
      inline("other", "other-role", "s3:*"),
      policy,
      attachment(policyArn),
      attachment("arn:aws:iam::aws:policy/AdministratorAccess", "other-role"),
    );
    assert.deepEqual(rolePolicies(graph, roleArn), [
      policyDocument("logs:PutLogEvents"),
      policyDocument("logs:CreateLogStream"),
      policyDocument("execute-api:ManageConnections"),
    ]);
  });

  it("are also those that the role itself names", () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess";
    const inlinePolicies = [{ name: "log", policy: JSON.stringify(policyDocument("logs:PutLogEvents")) }];
    const named = { ...role, inputs: { managedPolicyArns: [policyArn], inlinePolicies } };
    const [log, push, ...others] = rolePolicies(graphOf(named), roleArn);
    assert.deepEqual(log, policyDocument("logs:PutLogEvents"));
    assert.deepEqual(push?.Statement, [
      {
        Effect: "Allow",
        Action: ["execute-api:Invoke", "execute-api:ManageConnections"],
        Resource: "arn:*:execute-api:*:*:*",
      },
    ]);
    assert.deepEqual(others, []);
  });

  it("are none for a role without any", () => {
    assert.deepEqual(rolePolicies(graphOf(role), roleArn), []);
  });

  it("include AWS's own policy for writing logs, in every partition", () => {
    for (const partition of ["aws", "aws-cn", "aws-us-gov"]) {
      const policyArn = `arn:${partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`;
      assert.deepEqual(rolePolicies(graphOf(role, attachment(policyArn)), roleArn), [
        {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: "*",
            },
          ],
        },
      ]);
    }
  });

  it("cannot be told where one is unknown", () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
    assert.throws(() => rolePolicies(graphOf(role, attachment(policyArn)), roleArn), {
      name: "Error",
      message: `role "join" has the policy ${policyArn}, which is neither declared by the program nor known locally: write what the role may do into an aws.iam.RolePolicy, or attach one of AWS's own that are known, service-role/AWSLambdaBasicExecutionRole, AmazonAPIGatewayInvokeFullAccess`,
    });
  });

  it("cannot be told where one is malformed", () => {
    const broken = resource("iam/rolePolicy:RolePolicy", "broken", {
      inputs: { role: "join-role", policy: "{}" },
    });
    assert.throws(() => rolePolicies(graphOf(role, broken), roleArn), {
      message: 'role policy "broken": policy has no Statement',
    });
  });

  it("cannot be told of a role that the program does not declare", () => {
    assert.throws(() => rolePolicies(graphOf(), roleArn), {
      message: `a function has the role ${roleArn}, which the program does not declare`,
    });
  });
});
