import { type RecordedResource, type ResourceGraph, resourcesOfType } from "../graph/resource-graph.ts";
import type { Condition, PolicyDocument, Statement } from "../iam/policy-document.ts";

/** What the provider calls to create, read, update and delete resources of one type, and on which ARNs. */
interface Needs {
  readonly actions: readonly string[];
  /** The resource's own ARN, unless given. */
  readonly resources?: (resource: RecordedResource, graph: ResourceGraph) => readonly string[];
  readonly condition?: (resource: RecordedResource) => Condition;
}

const tagActions = (service: string) =>
  ["TagResource", "UntagResource"].map((action) => `${service}:${action}`);

const apiGateway: Needs = {
  actions: ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => `apigateway:${method}`),
  resources: (_, { account: { partition, region } }) =>
    ["/apis", "/apis/*", "/tags/*"].map((path) => `arn:${partition}:apigateway:${region}::${path}`),
};
const ownRole = ({ inputs }: RecordedResource, graph: ResourceGraph) =>
  resourcesOfType(graph, "aws:iam/role:Role")
    .filter(({ outputs }) => outputs.name === inputs.role)
    .map(({ outputs }) => outputs.arn);
const hostedZone = ({ inputs }: RecordedResource, { account }: ResourceGraph) => [
  `arn:${account.partition}:route53:::hostedzone/${inputs.zoneId}`,
];
/** Of actions that IAM does not tie to a resource. */
const anything = () => ["*"];

/**
 * By resource type. Sources: the service authorization reference, and the handler permissions of the CloudFormation
 * resource types. No AWS account has confirmed that the list is complete.
 */
const needs: Readonly<Record<string, readonly Needs[]>> = {
  "aws:acm/certificate:Certificate": [
    { actions: ["acm:RequestCertificate"], resources: anything },
    {
      actions: [
        ...["acm:DescribeCertificate", "acm:DeleteCertificate", "acm:ListTagsForCertificate"],
        ...["acm:AddTagsToCertificate", "acm:RemoveTagsFromCertificate", "acm:UpdateCertificateOptions"],
      ],
      resources: ({ outputs }) => [outputs.arn.replace(/\/[^/]+$/, "/*")],
    },
  ],
  "aws:acm/certificateValidation:CertificateValidation": [],
  "aws:apigateway/account:Account": [
    {
      actions: ["apigateway:GET", "apigateway:PATCH"],
      resources: (_, { account }) => [`arn:${account.partition}:apigateway:${account.region}::/account`],
    },
    {
      actions: ["iam:PassRole"],
      resources: ({ inputs }) => [inputs.cloudwatchRoleArn],
      condition: () => ({ StringEquals: { "iam:PassedToService": "apigateway.amazonaws.com" } }),
    },
  ],
  ...Object.fromEntries(
    [
      ...[
        "api:Api",
        "authorizer:Authorizer",
        "deployment:Deployment",
        "integration:Integration",
        "model:Model",
      ],
      ...["route:Route", "routeResponse:RouteResponse"],
    ].map((type) => [`aws:apigatewayv2/${type}`, [apiGateway]]),
  ),
  "aws:apigatewayv2/apiMapping:ApiMapping": [],
  "aws:apigatewayv2/domainName:DomainName": [
    {
      ...apiGateway,
      resources: ({ outputs }, { account: { partition, region } }) => [
        `arn:${partition}:apigateway:${region}::/domainnames`,
        outputs.arn,
        `${outputs.arn}/*`,
      ],
    },
    {
      // API Gateway makes its service-linked role for the first domain of an account, in the caller's name.
      actions: ["iam:CreateServiceLinkedRole"],
      resources: (_, { account: { partition, accountId } }) => [
        `arn:${partition}:iam::${accountId}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
      ],
      condition: () => ({ StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } }),
    },
  ],
  "aws:apigatewayv2/stage:Stage": [
    apiGateway,
    {
      actions: [
        ...[
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
        ],
        ...["logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"],
      ],
      resources: anything,
    },
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    {
      actions: ["cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"],
      resources: ({ outputs }) => [outputs.dashboardArn],
    },
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    { actions: ["logs:DescribeLogGroups"], resources: anything },
    {
      actions: [
        ...[
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:PutRetentionPolicy",
          "logs:DeleteRetentionPolicy",
        ],
        ...["logs:ListTagsForResource", ...tagActions("logs")],
      ],
      resources: ({ outputs }) => [outputs.arn, `${outputs.arn}:*`],
    },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    { actions: ["cloudwatch:DescribeAlarms"], resources: anything },
    {
      actions: [
        ...["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms", "cloudwatch:ListTagsForResource"],
        ...tagActions("cloudwatch"),
      ],
    },
  ],
  "aws:iam/policy:Policy": [
    {
      actions: [
        ...["iam:CreatePolicy", "iam:GetPolicy", "iam:DeletePolicy", "iam:TagPolicy", "iam:UntagPolicy"],
        ...[
          "iam:CreatePolicyVersion",
          "iam:GetPolicyVersion",
          "iam:ListPolicyVersions",
          "iam:DeletePolicyVersion",
        ],
      ],
    },
  ],
  "aws:iam/role:Role": [
    {
      actions: [
        ...[
          "iam:CreateRole",
          "iam:GetRole",
          "iam:UpdateRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:DeleteRole",
        ],
        ...["iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"],
        ...["iam:TagRole", "iam:UntagRole"],
      ],
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": [
    {
      actions: ["iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"],
      resources: ownRole,
    },
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    {
      actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      resources: ownRole,
      condition: ({ inputs }) => ({ ArnEquals: { "iam:PolicyARN": inputs.policyArn } }),
    },
  ],
  "aws:lambda/function:Function": [
    {
      actions: [
        ...[
          "lambda:CreateFunction",
          "lambda:GetFunction",
          "lambda:DeleteFunction",
          "lambda:UpdateFunctionCode",
        ],
        ...["lambda:UpdateFunctionConfiguration", "lambda:GetFunctionConfiguration"],
        ...["lambda:GetFunctionCodeSigningConfig", "lambda:ListVersionsByFunction", "lambda:ListTags"],
        ...["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency", ...tagActions("lambda")],
      ],
    },
    {
      actions: ["iam:PassRole"],
      resources: ({ inputs }) => [inputs.role],
      condition: () => ({ StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } }),
    },
  ],
  "aws:lambda/permission:Permission": [
    {
      actions: ["lambda:AddPermission", "lambda:RemovePermission", "lambda:GetPolicy"],
      resources: ({ inputs }, graph) =>
        resourcesOfType(graph, "aws:lambda/function:Function")
          .filter(({ outputs }) => [outputs.name, outputs.arn].includes(inputs.function))
          .map(({ outputs }) => outputs.arn),
    },
  ],
  "aws:route53/record:Record": [
    {
      actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
      resources: hostedZone,
    },
    { actions: ["route53:GetHostedZone"], resources: hostedZone },
    {
      actions: ["route53:GetChange"],
      resources: (_, { account }) => [`arn:${account.partition}:route53:::change/*`],
    },
  ],
};

/**
 * The rights of a role that deploys the program: for each resource in the graph what the provider calls, on the names
 * that the resource can have. What the program only reads needs reading alone.
 * @throws {Error} for a resource type whose needs nobody has written down
 */
export function deployPolicy(graph: ResourceGraph): PolicyDocument {
  const statements = new Map<
    string,
    { condition: Condition | undefined; actions: Set<string>; resources: Set<string> }
  >();
  for (const resource of graph.resources.filter(({ custom }) => custom))
    for (const { actions, resources, condition } of needsOf(resource)) {
      const key = JSON.stringify([actions, condition?.(resource)]);
      const statement = statements.get(key) ?? {
        condition: condition?.(resource),
        actions: new Set<string>(),
        resources: new Set<string>(),
      };
      statements.set(key, statement);
      for (const action of actions) statement.actions.add(action);
      const arns = resources?.(resource, graph) ?? [resource.outputs.arn];
      for (const arn of arns) statement.resources.add(anyGeneratedName(arn, graph));
    }
  return policy([
    identify,
    ...[...statements.values()].map(({ actions, resources, condition }) => ({
      Effect: "Allow" as const,
      Action: [...actions].sort(),
      Resource: [...resources].sort(),
      ...(condition && { Condition: condition }),
    })),
  ]);
}

/** The rights of a role that previews: Pulumi then asks AWS who it is, and for what the program reads. */
export function previewPolicy(graph: ResourceGraph): PolicyDocument {
  const read = resourcesOfType(graph, "aws:apigateway/account:Account").filter((account) => account.read);
  return policy([
    identify,
    ...(read.length > 0
      ? [
          {
            Effect: "Allow" as const,
            Action: "apigateway:GET",
            Resource: `arn:${graph.account.partition}:apigateway:${graph.account.region}::/account`,
          },
        ]
      : []),
  ]);
}

const identify: Statement = { Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" };

function policy(statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function needsOf(resource: RecordedResource): readonly Needs[] {
  const known = needs[resource.type];
  if (!known)
    throw new Error(
      `${resource.type} "${resource.name}": add what it takes to deploy it to local/account/deploy-policy.ts`,
    );
  if (!resource.read) return known;
  return known
    .slice(0, 1)
    .map((need) => ({ ...need, actions: need.actions.filter((action) => action.endsWith(":GET")) }));
}

/** The ARN with a pattern in place of what AWS or the provider makes up: an API's id, the end of a generated name. */
function anyGeneratedName(arn: string, graph: ResourceGraph): string {
  const apiIds = resourcesOfType(graph, "aws:apigatewayv2/api:Api").map(({ id }) => id);
  const generated = graph.resources.flatMap(({ name, outputs }) =>
    outputs.name?.startsWith(`${name}-`) ? [[outputs.name, `${name}-*`]] : [],
  );
  const replacements = [...apiIds.map((id) => [id, "*"]), ...generated];
  return replacements.reduce((text, [from = "", to = ""]) => text.replaceAll(from, to), arn);
}
