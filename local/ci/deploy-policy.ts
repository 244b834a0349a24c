import { type RecordedResource, type ResourceGraph, resourcesOfType } from "../graph/resource-graph.ts";
import type { Condition, PolicyDocument, Statement } from "../iam/policy-document.ts";
import { OperatorError } from "../operator-error.ts";
import type { Needs } from "../resources/needs.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";

/**
 * The rights of a role that deploys the program: for each resource in the graph what the provider calls, on the names
 * that the resource can have. What the program only reads needs reading alone.
 * @throws {OperatorError} for a resource type whose needs nobody has written down
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
  if (resource.type.startsWith("pulumi:")) return [];
  const known = resourceTypeOf(resource.type)?.deployment;
  if (!known)
    throw new OperatorError(
      `${resource.type} "${resource.name}": the calls that deploy it are not known: add them to local/resources/${fileOf(resource.type)}`,
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

/** Where a type is described, like cloudwatch/log-group.ts for `aws:cloudwatch/logGroup:LogGroup`. */
function fileOf(type: string): string {
  const [, path = type] = type.split(":");
  return `${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
}
