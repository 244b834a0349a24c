import { type LeaveOut, readEach } from "../graph/read-each.ts";
import {
  type Properties,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../graph/resource-graph.ts";
import { type PolicyDocument, parsePolicyDocument } from "../iam/policy-evaluator.ts";
import { OperatorError } from "../operator-error.ts";

/** AWS's own policies that functions commonly have. Another one in use is an error that names it. */
const managedPolicies: Readonly<Record<string, object>> = {
  "service-role/AWSLambdaBasicExecutionRole": {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "*",
      },
    ],
  },
  AmazonAPIGatewayInvokeFullAccess: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["execute-api:Invoke", "execute-api:ManageConnections"],
        Resource: "arn:*:execute-api:*:*:*",
      },
    ],
  },
};

/**
 * All policies of a role: those written into it and those attached to it.
 * @param leaveOut told of each policy that local mode does not know, and of a role that is gone: neither allows anything
 */
export function rolePolicies(graph: ResourceGraph, roleArn: string, leaveOut?: LeaveOut): PolicyDocument[] {
  return readEach([roleArn], (arn) => policiesOf(graph, arn, leaveOut), leaveOut).flat();
}

function policiesOf(graph: ResourceGraph, roleArn: string, leaveOut: LeaveOut | undefined): PolicyDocument[] {
  const role = resourcesOfType(graph, "aws:iam/role:Role").find(({ outputs }) => outputs.arn === roleArn);
  if (!role)
    throw new OperatorError(`a function has the role ${roleArn}, which the program does not declare`);
  const ofRole = ({ inputs }: RecordedResource) => [role.id, role.outputs.name].includes(inputs.role);
  const written: [string, unknown][] = [
    ...(role.inputs.inlinePolicies ?? []).map(({ name, policy }: Properties) => [
      `inline policy "${name}" of role "${role.name}"`,
      policy,
    ]),
    ...resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy")
      .filter(ofRole)
      .map(({ name, inputs }) => [`role policy "${name}"`, inputs.policy]),
  ];
  const attached: string[] = [
    ...(role.inputs.managedPolicyArns ?? []),
    ...resourcesOfType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter(ofRole)
      .map(({ inputs }) => inputs.policyArn),
  ];
  return [
    ...written.map(([what, policy]) => parsePolicyDocument(policy, what)),
    ...readEach(attached, (policyArn) => policyByArn(graph, policyArn, role.name), leaveOut),
  ];
}

function policyByArn(graph: ResourceGraph, policyArn: string, roleName: string): PolicyDocument {
  const policy = resourcesOfType(graph, "aws:iam/policy:Policy").find(
    ({ outputs }) => outputs.arn === policyArn,
  );
  const document =
    policy?.inputs.policy ?? managedPolicies[policyArn.replace(/^arn:[^:]+:iam::aws:policy\//, "")];
  if (!document)
    throw new OperatorError(
      `role "${roleName}" has the policy ${policyArn}, which is neither declared by the program nor known locally: write what the role may do into an aws.iam.RolePolicy, or attach one of AWS's own that are known, ${Object.keys(managedPolicies).join(", ")}`,
    );
  return parsePolicyDocument(document, `policy ${policyArn}`);
}
