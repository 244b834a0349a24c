import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { certificate } from "./acm/certificate.ts";
import { certificateValidation } from "./acm/certificate-validation.ts";
import { account } from "./apigateway/account.ts";
import { api } from "./apigatewayv2/api.ts";
import { apiMapping } from "./apigatewayv2/api-mapping.ts";
import { authorizer } from "./apigatewayv2/authorizer.ts";
import { deployment } from "./apigatewayv2/deployment.ts";
import { domainName } from "./apigatewayv2/domain-name.ts";
import { integration } from "./apigatewayv2/integration.ts";
import { integrationResponse } from "./apigatewayv2/integration-response.ts";
import { model } from "./apigatewayv2/model.ts";
import { route } from "./apigatewayv2/route.ts";
import { routeResponse } from "./apigatewayv2/route-response.ts";
import { stage } from "./apigatewayv2/stage.ts";
import { dashboard } from "./cloudwatch/dashboard.ts";
import { logGroup } from "./cloudwatch/log-group.ts";
import { metricAlarm } from "./cloudwatch/metric-alarm.ts";
import { resourceServer } from "./cognito/resource-server.ts";
import { user } from "./cognito/user.ts";
import { userGroup } from "./cognito/user-group.ts";
import { userInGroup } from "./cognito/user-in-group.ts";
import { userPool } from "./cognito/user-pool.ts";
import { userPoolClient } from "./cognito/user-pool-client.ts";
import { userPoolDomain } from "./cognito/user-pool-domain.ts";
import { isNameless, makeName } from "./generated-name.ts";
import { policy } from "./iam/policy.ts";
import { role } from "./iam/role.ts";
import { rolePolicy } from "./iam/role-policy.ts";
import { rolePolicyAttachment } from "./iam/role-policy-attachment.ts";
import { digestOf, idOf } from "./identifiers.ts";
import { lambdaFunction } from "./lambda/function.ts";
import { permission } from "./lambda/permission.ts";
import type { CreatedResource, NewResource, ResourceType } from "./resource-type.ts";
import { record } from "./route53/record.ts";

export type { CreatedResource, NewResource, ResourceType } from "./resource-type.ts";

/** Every resource type that local mode knows. */
export const resourceTypes: readonly ResourceType[] = [
  certificate,
  certificateValidation,
  account,
  api,
  apiMapping,
  authorizer,
  deployment,
  domainName,
  integration,
  integrationResponse,
  model,
  route,
  routeResponse,
  stage,
  dashboard,
  logGroup,
  metricAlarm,
  resourceServer,
  user,
  userGroup,
  userInGroup,
  userPool,
  userPoolClient,
  userPoolDomain,
  policy,
  role,
  rolePolicy,
  rolePolicyAttachment,
  lambdaFunction,
  permission,
  record,
];

const byToken = new Map(resourceTypes.map((one) => [one.type, one]));

/** What is known of a type, like `aws:lambda/function:Function`; undefined for one that local mode does not know. */
export function resourceTypeOf(type: string): ResourceType | undefined {
  return byToken.get(type);
}

/** @throws {OperatorError} that names a type nobody has emulated, and what to do */
export function createResource(resource: NewResource, account: AwsAccount): CreatedResource {
  const known = resourceTypeOf(resource.type);
  if (known) {
    const name = nameOf(resource, known);
    const { id, outputs } = known.create({ ...resource, inputs: { ...resource.inputs, ...name } }, account);
    return { id: resource.id ?? id, outputs: { ...name, ...outputs } };
  }
  if (resource.type.startsWith("pulumi:")) return { id: idOf(resource, 36), outputs: {} };
  const [, , stack] = resource.urn.split(":");
  throw new OperatorError(
    `${resource.type} "${resource.name}" is not emulated locally: leave it out of the stack that you run locally, like if (pulumi.getStack() !== "${stack}") …, or add it to local/resources/. Emulated are ${[...byToken.keys()].join(", ")}`,
  );
}

/** What a program reads of a resource for which it gives nothing. The inputs and the outputs stand before it. */
export function defaultsOf(type: string, { region }: AwsAccount): Properties {
  const known = resourceTypeOf(type);
  return known ? { ...(!known.isGlobal && { region }), ...known.defaults } : {};
}

/**
 * The name that the provider makes up for a resource, as a property to add to its inputs; empty where the program gives
 * a name, or the start of one, and for a type that has no generated name.
 * @param digits hex digits, as many as a SHA-256 has, of which the name takes seven
 * @throws {OperatorError} for a logical name that is too long
 */
export function generatedNameOf(
  resource: Pick<NewResource, "type" | "name" | "inputs">,
  digits: string,
): Properties {
  const generatedName = resourceTypeOf(resource.type)?.generatedName;
  return generatedName && isNameless(resource, generatedName)
    ? { [generatedName.property]: makeName(resource, generatedName, digits) }
    : {};
}

/** The name: what the program gives, what a resource that is only read is found by, or what the provider makes up. */
function nameOf(resource: NewResource, { generatedName }: ResourceType): Properties {
  if (!generatedName) return {};
  const { property } = generatedName;
  const given = resource.inputs[property] ?? resource.id;
  return { [property]: given ?? makeName(resource, generatedName, digestOf(resource)) };
}
