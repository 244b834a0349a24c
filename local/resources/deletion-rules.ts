import type { Properties, RecordedResource } from "../graph/resource-graph.ts";

type Others = readonly RecordedResource[];

/** What AWS answers to the deletion of a resource beside these others; undefined where it deletes it. */
type Refusal = (resource: RecordedResource, others: Others) => string | undefined;

const apiMapping = "aws:apigatewayv2/apiMapping:ApiMapping";

/** By resource type. Sources: AWS's answers in public issues of terraform-provider-aws, SST and pulumi-aws. */
const refusals: Readonly<Record<string, Refusal>> = {
  "aws:acm/certificate:Certificate": ({ id }, others) =>
    others.some(
      ({ type, inputs }) =>
        type === "aws:apigatewayv2/domainName:DomainName" &&
        inputs.domainNameConfiguration?.certificateArn === id,
    )
      ? `ResourceInUseException: Certificate ${id} is in use`
      : undefined,
  "aws:apigatewayv2/api:Api": ({ id }, others) =>
    mappedDomains(others, ({ apiId }) => apiId === id, `Deleting API ${id}`, "API"),
  "aws:apigatewayv2/authorizer:Authorizer": ({ id, outputs }, others) => {
    const route = others.find(
      ({ type, inputs }) => type === "aws:apigatewayv2/route:Route" && inputs.authorizerId === id,
    );
    return route
      ? `ConflictException: Cannot delete authorizer '${outputs.name}', is referenced in route: ${route.inputs.routeKey}`
      : undefined;
  },
  "aws:apigatewayv2/deployment:Deployment": ({ id }, others) =>
    others.some(({ type, inputs }) => type === "aws:apigatewayv2/stage:Stage" && inputs.deploymentId === id)
      ? "BadRequestException: Active stages pointing to this deployment must be moved or deleted"
      : undefined,
  "aws:apigatewayv2/integration:Integration": ({ id }, others) => {
    const ids = others
      .filter(
        ({ type, inputs }) =>
          type === "aws:apigatewayv2/route:Route" && inputs.target === `integrations/${id}`,
      )
      .map((route) => route.id);
    return ids.length > 0
      ? `ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [${ids.join(", ")}]`
      : undefined;
  },
  "aws:apigatewayv2/stage:Stage": ({ id, inputs }, others) =>
    mappedDomains(
      others,
      ({ apiId, stage }) => apiId === inputs.apiId && stage === id,
      `Deleting stage ${id}`,
      "stage",
    ),
  "aws:cognito/userPool:UserPool": ({ outputs }) =>
    outputs.deletionProtection === "ACTIVE"
      ? "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first."
      : undefined,
  "aws:iam/policy:Policy": ({ id }, others) =>
    others.some(
      ({ type, inputs }) =>
        (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && inputs.policyArn === id) ||
        (type === "aws:iam/role:Role" && inputs.managedPolicyArns?.includes(id)),
    )
      ? "DeleteConflict: Cannot delete a policy attached to entities."
      : undefined,
  // The provider detaches what the role itself lists, and with forceDetachPolicies whatever is attached.
  "aws:iam/role:Role": ({ id, inputs }, others) => {
    if (inputs.forceDetachPolicies) return undefined;
    const types = others.filter((other) => other.inputs.role === id).map(({ type }) => type);
    if (types.includes("aws:iam/rolePolicyAttachment:RolePolicyAttachment"))
      return "DeleteConflict: Cannot delete entity, must detach all policies first.";
    return types.includes("aws:iam/rolePolicy:RolePolicy")
      ? "DeleteConflict: Cannot delete entity, must delete policies first."
      : undefined;
  },
};

/** What AWS answers to the deletion of a resource beside all others; undefined where it deletes it. */
export function refusedDeletion(resource: RecordedResource, others: Others): string | undefined {
  return refusals[resource.type]?.(resource, others);
}

/** By resource type: whether AWS deletes the other resource with this one. */
const cascades: Readonly<Record<string, (resource: RecordedResource, other: RecordedResource) => boolean>> = {
  "aws:apigatewayv2/api:Api": ({ id }, { type, inputs }) =>
    type.startsWith("aws:apigatewayv2/") && inputs.apiId === id,
  "aws:apigatewayv2/integration:Integration": ({ id }, { inputs }) => inputs.integrationId === id,
  "aws:apigatewayv2/route:Route": ({ id }, { inputs }) => inputs.routeId === id,
  "aws:cognito/userPool:UserPool": ({ id }, { type, inputs }) =>
    type.startsWith("aws:cognito/") && inputs.userPoolId === id,
  "aws:iam/role:Role": ({ id }, { type, inputs }) => type.startsWith("aws:iam/") && inputs.role === id,
  "aws:lambda/function:Function": ({ outputs }, { type, inputs }) =>
    type === "aws:lambda/permission:Permission" && [outputs.name, outputs.arn].includes(inputs.function),
};

/** Whether AWS deletes the other resource with this one. */
export function cascadeOf(resource: RecordedResource, other: RecordedResource): boolean {
  return cascades[resource.type]?.(resource, other) ?? false;
}

function mappedDomains(
  others: Others,
  isMapped: (inputs: Properties) => boolean,
  failure: string,
  what: string,
): string | undefined {
  const domains = others
    .filter(({ type, inputs }) => type === apiMapping && isMapped(inputs))
    .map(({ inputs }) => inputs.domainName);
  return domains.length > 0
    ? `BadRequestException: ${failure} failed. Please remove all base path mappings related to the ${what} in your domains: ${domains.join(", ")}`
    : undefined;
}
