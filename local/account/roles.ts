import { type ResourceGraph, resourcesOfType } from "../engine/resource-graph.ts";
import { type PolicyDocument, parsePolicyDocument } from "../iam/policy-evaluator.ts";

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
};

/** All policies of a role: those written into it and those attached to it. */
export function rolePolicies(graph: ResourceGraph, roleArn: string): PolicyDocument[] {
  const role = resourcesOfType(graph, "aws:iam/role:Role").find(({ outputs }) => outputs.arn === roleArn);
  if (!role) throw new Error(`a function has the role ${roleArn}, which the program does not declare`);
  const inline = resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => inputs.role === role.id || inputs.role === role.outputs.name)
    .map(({ name, inputs }) => parsePolicyDocument(inputs.policy, `role policy "${name}"`));
  const attached = resourcesOfType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ inputs }) => inputs.role === role.id || inputs.role === role.outputs.name)
    .map(({ inputs }) => policyByArn(graph, inputs.policyArn));
  return [...inline, ...attached];
}

function policyByArn(graph: ResourceGraph, policyArn: string): PolicyDocument {
  const policy = resourcesOfType(graph, "aws:iam/policy:Policy").find(
    ({ outputs }) => outputs.arn === policyArn,
  );
  const document =
    policy?.inputs.policy ?? managedPolicies[policyArn.replace(/^arn:[^:]+:iam::aws:policy\//, "")];
  if (!document)
    throw new Error(`the policy ${policyArn} is neither declared by the program nor known locally`);
  return parsePolicyDocument(document, `policy ${policyArn}`);
}
