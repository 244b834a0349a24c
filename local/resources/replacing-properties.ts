/** A resource is replaced whatever of it changes. */
const every = "*";

/**
 * Properties that no call of AWS can change, so that the provider makes the resource anew: what its schemas
 * (hashicorp/terraform-provider-aws) mark ForceNew, for each type that local mode knows. None for other types.
 */
const replacing: Readonly<Record<string, readonly string[]>> = {
  "acm/certificate:Certificate": [
    "domainName",
    "subjectAlternativeNames",
    "validationMethod",
    "keyAlgorithm",
    "certificateAuthorityArn",
  ],
  "acm/certificateValidation:CertificateValidation": [every],
  "apigatewayv2/api:Api": ["protocolType"],
  "apigatewayv2/apiMapping:ApiMapping": ["apiId", "domainName"],
  "apigatewayv2/authorizer:Authorizer": ["apiId"],
  "apigatewayv2/deployment:Deployment": ["apiId", "triggers"],
  "apigatewayv2/domainName:DomainName": ["domainName"],
  "apigatewayv2/integration:Integration": ["apiId", "integrationType", "integrationSubtype"],
  "apigatewayv2/integrationResponse:IntegrationResponse": ["apiId", "integrationId"],
  "apigatewayv2/model:Model": ["apiId"],
  "apigatewayv2/route:Route": ["apiId"],
  "apigatewayv2/routeResponse:RouteResponse": ["apiId", "routeId"],
  "apigatewayv2/stage:Stage": ["apiId", "name"],
  "cloudwatch/dashboard:Dashboard": ["dashboardName"],
  "cloudwatch/logGroup:LogGroup": ["name", "namePrefix", "logGroupClass"],
  "cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "cognito/userGroup:UserGroup": ["name", "userPoolId"],
  "cognito/userPool:UserPool": ["aliasAttributes", "usernameAttributes", "usernameConfiguration"],
  "cognito/userPoolClient:UserPoolClient": ["generateSecret", "userPoolId"],
  "iam/policy:Policy": ["name", "namePrefix", "path", "description"],
  "iam/role:Role": ["name", "namePrefix", "path"],
  "iam/rolePolicy:RolePolicy": ["role", "name", "namePrefix"],
  "iam/rolePolicyAttachment:RolePolicyAttachment": [every],
  "lambda/function:Function": ["name", "packageType"],
  "lambda/permission:Permission": [every],
  "route53/record:Record": ["zoneId", "name"],
};

/** @param path of the property, like `environment.variables.TOKEN_USE` */
export function isReplacing(type: string, path: string): boolean {
  const names = replacing[type.replace(/^aws:/, "")] ?? [];
  return names.includes(every) || names.includes(/^[^.[]*/.exec(path)?.[0] ?? "");
}
