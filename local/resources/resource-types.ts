import { createHash } from "node:crypto";
import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";

/** A resource about to be created, or read if it comes with an id. */
export interface NewResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: Properties;
  readonly id: string | undefined;
}

export interface CreatedResource {
  readonly id: string;
  /** What AWS adds to the inputs. */
  readonly outputs: Properties;
}

type Create = (resource: NewResource, account: AwsAccount) => CreatedResource;

/** Each resource type that local mode knows, with the id and the computed outputs that AWS would give. */
const creators: Readonly<Record<string, Create>> = {
  "aws:acm/certificate:Certificate": (resource, account) => {
    const { domainName } = resource.inputs;
    const certificateArn = arn("acm", account, `certificate/${idOf(resource, 36)}`);
    return {
      id: certificateArn,
      outputs: {
        arn: certificateArn,
        domainValidationOptions: [
          {
            domainName,
            resourceRecordName: `_${idOf(resource, 32)}.${domainName}.`,
            resourceRecordType: "CNAME",
            resourceRecordValue: `_${idOf(resource, 31)}.acm-validations.aws.`,
          },
        ],
      },
    };
  },
  "aws:acm/certificateValidation:CertificateValidation": (resource) => ({
    id: resource.inputs.certificateArn,
    outputs: {},
  }),
  "aws:apigateway/account:Account": (resource, { accountId, apiGatewayLogRoleArn = "" }) => ({
    id: accountId,
    outputs: {
      cloudwatchRoleArn: resource.id ? apiGatewayLogRoleArn : (resource.inputs.cloudwatchRoleArn ?? ""),
      throttleSettings: [{ burstLimit: 5000, rateLimit: 10_000 }],
      features: ["UsagePlans"],
    },
  }),
  "aws:apigatewayv2/api:Api": (resource, { region, partition, accountId, dnsSuffix }) => {
    const id = idOf(resource, 10);
    return {
      id,
      outputs: {
        name: physicalName(resource),
        apiEndpoint: `wss://${id}.execute-api.${region}.${dnsSuffix}`,
        arn: `arn:${partition}:apigateway:${region}::/apis/${id}`,
        executionArn: `arn:${partition}:execute-api:${region}:${accountId}:${id}`,
        apiKeySelectionExpression: resource.inputs.apiKeySelectionExpression ?? "$request.header.x-api-key",
      },
    };
  },
  "aws:apigatewayv2/apiMapping:ApiMapping": (resource) => ({ id: idOf(resource, 6), outputs: {} }),
  "aws:apigatewayv2/authorizer:Authorizer": (resource) => ({
    id: idOf(resource, 6),
    outputs: { name: physicalName(resource) },
  }),
  "aws:apigatewayv2/deployment:Deployment": (resource) => ({
    id: idOf(resource, 6),
    outputs: { autoDeployed: false },
  }),
  "aws:apigatewayv2/domainName:DomainName": (resource, { region, partition, dnsSuffix }) => {
    const { domainName, domainNameConfiguration } = resource.inputs;
    return {
      id: domainName,
      outputs: {
        arn: `arn:${partition}:apigateway:${region}::/domainnames/${domainName}`,
        domainNameConfiguration: {
          ...domainNameConfiguration,
          targetDomainName: `d-${idOf(resource, 10)}.execute-api.${region}.${dnsSuffix}`,
          hostedZoneId: "Z1UJRXOUMOOFQ8",
        },
      },
    };
  },
  "aws:apigatewayv2/integration:Integration": (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  "aws:apigatewayv2/integrationResponse:IntegrationResponse": (resource) => ({
    id: idOf(resource, 7),
    outputs: {},
  }),
  "aws:apigatewayv2/model:Model": (resource) => ({ id: idOf(resource, 6), outputs: {} }),
  "aws:apigatewayv2/route:Route": (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  "aws:apigatewayv2/routeResponse:RouteResponse": (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  "aws:apigatewayv2/stage:Stage": (resource, { region, partition, accountId, dnsSuffix }) => {
    const { apiId } = resource.inputs;
    const name = physicalName(resource);
    return {
      id: name,
      outputs: {
        name,
        arn: `arn:${partition}:apigateway:${region}::/apis/${apiId}/stages/${name}`,
        executionArn: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${name}`,
        invokeUrl: `wss://${apiId}.execute-api.${region}.${dnsSuffix}/${name}`,
      },
    };
  },
  "aws:cloudwatch/dashboard:Dashboard": (resource, { partition, accountId }) => {
    const { dashboardName } = resource.inputs;
    return {
      id: dashboardName,
      outputs: { dashboardArn: `arn:${partition}:cloudwatch::${accountId}:dashboard/${dashboardName}` },
    };
  },
  "aws:cloudwatch/logGroup:LogGroup": (resource, account) => {
    const name = physicalName(resource);
    return { id: name, outputs: { name, arn: arn("logs", account, `log-group:${name}`) } };
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": (resource, account) => {
    const name = physicalName(resource);
    return { id: name, outputs: { name, arn: arn("cloudwatch", account, `alarm:${name}`) } };
  },
  "aws:cognito/userGroup:UserGroup": (resource) => {
    const name = physicalName(resource);
    return { id: `${resource.inputs.userPoolId}/${name}`, outputs: { name } };
  },
  "aws:cognito/userPool:UserPool": (resource, account) => {
    const id = resource.id ?? `${account.region}_${idOf(resource, 9)}`;
    return {
      id,
      outputs: {
        name: physicalName(resource),
        arn: arn("cognito-idp", account, `userpool/${id}`),
        endpoint: `cognito-idp.${account.region}.${account.dnsSuffix}/${id}`,
      },
    };
  },
  "aws:cognito/userPoolClient:UserPoolClient": (resource) => ({
    id: idOf(resource, 26),
    outputs: {
      name: physicalName(resource),
      clientSecret: resource.inputs.generateSecret ? digest(resource).slice(0, 51) : "",
    },
  }),
  "aws:iam/policy:Policy": (resource, { partition, accountId }) => {
    const name = physicalName(resource);
    const policyArn = `arn:${partition}:iam::${accountId}:policy/${name}`;
    return {
      id: policyArn,
      outputs: { name, arn: policyArn, policyId: `ANPA${idOf(resource, 17).toUpperCase()}` },
    };
  },
  "aws:iam/role:Role": (resource, { partition, accountId }) => {
    const name = physicalName(resource);
    return {
      id: name,
      outputs: {
        name,
        arn: `arn:${partition}:iam::${accountId}:role/${name}`,
        uniqueId: `AROA${idOf(resource, 17).toUpperCase()}`,
      },
    };
  },
  "aws:iam/rolePolicy:RolePolicy": (resource) => {
    const name = physicalName(resource);
    return { id: `${resource.inputs.role}:${name}`, outputs: { name } };
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (resource) => ({
    id: `${resource.inputs.role}/${resource.inputs.policyArn}`,
    outputs: {},
  }),
  "aws:lambda/function:Function": (resource, account) => {
    const name = physicalName(resource);
    const functionArn = arn("lambda", account, `function:${name}`);
    const { partition, region } = account;
    return {
      id: name,
      outputs: {
        name,
        arn: functionArn,
        qualifiedArn: `${functionArn}:$LATEST`,
        invokeArn: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
        version: "$LATEST",
      },
    };
  },
  "aws:lambda/permission:Permission": (resource) => {
    const statementId = physicalName(resource, "statementId");
    return { id: statementId, outputs: { statementId } };
  },
  "aws:route53/record:Record": (resource) => {
    const { zoneId, name, type } = resource.inputs;
    return { id: `${zoneId}_${name}_${type}`, outputs: { fqdn: String(name).replace(/\.$/, "") } };
  },
};

/** @throws {OperatorError} that names a type nobody has emulated, and what to do */
export function createResource(resource: NewResource, account: AwsAccount): CreatedResource {
  const create = creators[resource.type];
  if (create) return create(resource, account);
  if (resource.type.startsWith("pulumi:")) return { id: idOf(resource, 36), outputs: {} };
  const [, , stack] = resource.urn.split(":");
  throw new OperatorError(
    `${resource.type} "${resource.name}" is not emulated locally: leave it out of the stack that you run locally, like if (pulumi.getStack() !== "${stack}") …, or add its id and outputs to local/resources/resource-types.ts. Emulated are ${Object.keys(creators).join(", ")}`,
  );
}

function arn(service: string, { partition, region, accountId }: AwsAccount, rest: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/** The name that the program gave, or the logical name with the random-looking end that the provider adds. */
function physicalName(resource: NewResource, property = "name"): string {
  return resource.inputs[property] ?? resource.id ?? `${resource.name}-${digest(resource).slice(0, 7)}`;
}

/** The same resource gets the same id in every run. */
function idOf(resource: NewResource, length: number): string {
  if (resource.id) return resource.id;
  const letters = BigInt(`0x${digest(resource)}`).toString(36);
  return `l${letters.slice(1 - length)}`;
}

function digest(resource: NewResource): string {
  return createHash("sha256").update(resource.urn).digest("hex");
}
