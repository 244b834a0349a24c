import type { RecordedResource } from "../graph/resource-graph.ts";

/** What makes two resources of a type the same thing for AWS, and its answer to the second one. */
interface Conflict {
  /** Properties that both have alike. */
  readonly properties: readonly string[];
  readonly answer: (resource: RecordedResource) => string;
}

/**
 * By resource type. Left out: what has a rule of its own (routes, stages), what AWS writes over (alarms, dashboards, role
 * policies, attachments) and what may share a name (APIs, user pools, clients).
 */
const conflicts: Readonly<Record<string, Conflict>> = {
  "aws:apigatewayv2/apiMapping:ApiMapping": {
    properties: ["domainName", "apiMappingKey"],
    answer: () => "ConflictException: ApiMapping key already exists for this domain name",
  },
  "aws:apigatewayv2/authorizer:Authorizer": {
    properties: ["apiId", "name"],
    answer: ({ outputs: { name } }) =>
      `BadRequestException: Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`,
  },
  "aws:apigatewayv2/domainName:DomainName": {
    properties: ["domainName"],
    answer: () => "BadRequestException: The domain name you provided already exists.",
  },
  "aws:apigatewayv2/integrationResponse:IntegrationResponse": {
    properties: ["integrationId", "integrationResponseKey"],
    answer: () => "ConflictException: Response already exists for this integration",
  },
  "aws:apigatewayv2/model:Model": {
    properties: ["apiId", "name"],
    answer: ({ outputs: { name } }) => `ConflictException: Model name already exists for this Api: ${name}`,
  },
  "aws:apigatewayv2/routeResponse:RouteResponse": {
    properties: ["routeId", "routeResponseKey"],
    answer: () => "ConflictException: Response already exists for this route",
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    properties: ["name"],
    answer: () => "ResourceAlreadyExistsException: The specified log group already exists",
  },
  "aws:cognito/resourceServer:ResourceServer": {
    properties: ["userPoolId", "identifier"],
    answer: ({ outputs: { userPoolId, identifier } }) =>
      `InvalidParameterException: ${identifier} already exists in user pool ${userPoolId}.`,
  },
  "aws:cognito/user:User": {
    properties: ["userPoolId", "username"],
    answer: () => "UsernameExistsException: User account already exists",
  },
  "aws:cognito/userGroup:UserGroup": {
    properties: ["userPoolId", "name"],
    answer: () => "GroupExistsException: A group with the name already exists.",
  },
  "aws:cognito/userPoolDomain:UserPoolDomain": {
    properties: ["domain"],
    answer: () => "InvalidParameterException: Domain already associated with another user pool.",
  },
  "aws:iam/policy:Policy": {
    properties: ["arn"],
    answer: ({ outputs: { name } }) =>
      `EntityAlreadyExists: A policy called ${name} already exists. Duplicate names are not allowed.`,
  },
  "aws:iam/role:Role": {
    properties: ["name"],
    answer: ({ outputs: { name } }) => `EntityAlreadyExists: Role with name ${name} already exists.`,
  },
  "aws:lambda/function:Function": {
    properties: ["name"],
    answer: ({ outputs: { name } }) => `ResourceConflictException: Function already exist: ${name}`,
  },
  "aws:lambda/permission:Permission": {
    properties: ["function", "statementId"],
    answer: ({ outputs: { statementId } }) =>
      `ResourceConflictException: The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  },
};

/** What AWS answers to the creation of a resource whose name is taken; undefined where it is free. */
export function conflictOf(
  resource: RecordedResource,
  others: readonly RecordedResource[],
): string | undefined {
  const conflict = conflicts[resource.type];
  const isTaken = others.some(
    ({ type, outputs }) =>
      type === resource.type &&
      conflict?.properties.every((name) => outputs[name] === resource.outputs[name]),
  );
  return isTaken ? conflict?.answer(resource) : undefined;
}
