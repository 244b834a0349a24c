import { graphOfStage } from "../../local/graph/api-snapshot.ts";
import {
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../../local/graph/resource-graph.ts";
import { matchesWildcard } from "../../local/iam/wildcard.ts";

/** What clients can do at one moment. */
export interface Served {
  /** API id and stage to its routes: key to what it does, or to what is missing for it. */
  readonly stages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Domain to the API id and stage that it leads to. */
  readonly domains: Readonly<Record<string, string>>;
}

/** Reads what the stages of an account serve, as their snapshots froze it. */
export function servedBy(graph: ResourceGraph): Served {
  const stages = resourcesOfType(graph, "aws:apigatewayv2/stage:Stage");
  const domains = resourcesOfType(graph, "aws:apigatewayv2/domainName:DomainName").map(({ id }) => {
    const mapping = resourcesOfType(graph, "aws:apigatewayv2/apiMapping:ApiMapping").find(
      ({ inputs }) => inputs.domainName === id,
    );
    return [id, mapping ? `${mapping.inputs.apiId}/${mapping.inputs.stage}` : "nothing"];
  });
  return {
    stages: Object.fromEntries(
      stages.map((stage) => [`${stage.inputs.apiId}/${stage.id}`, routesOf(graph, stage)]),
    ),
    domains: Object.fromEntries(domains),
  };
}

function routesOf(all: ResourceGraph, stage: RecordedResource): Record<string, string> {
  const graph = graphOfStage(all, stage);
  const ofApi = (type: string) =>
    resourcesOfType(graph, `aws:apigatewayv2/${type}`).filter(
      ({ inputs }) => inputs.apiId === stage.inputs.apiId,
    );
  const routes = ofApi("route:Route").map(({ id, inputs }) => {
    const integration = ofApi("integration:Integration").find(
      (one) => inputs.target === `integrations/${one.id}`,
    );
    const authorizer = ofApi("authorizer:Authorizer").find((one) => one.id === inputs.authorizerId);
    const replies = ofApi("routeResponse:RouteResponse").some(({ inputs: { routeId } }) => routeId === id);
    const models = Object.values<string>(inputs.requestModels ?? {});
    const path = `${stage.outputs.executionArn}/${inputs.routeKey}`;
    const parts = [
      callable(graph, integration?.inputs.integrationUri, path),
      ...(inputs.authorizationType === "CUSTOM"
        ? [
            `authorized ${callable(
              graph,
              authorizer?.inputs.authorizerUri,
              `${String(stage.outputs.executionArn).replace(/\/[^/]+$/, "")}/authorizers/${authorizer?.id}`,
            )}`,
          ]
        : []),
      ...(replies && inputs.routeResponseSelectionExpression ? ["replies"] : []),
      ...models.map((name) =>
        ofApi("model:Model").some((model) => model.inputs.name === name) ? "checked" : "NO MODEL",
      ),
    ];
    return [inputs.routeKey, parts.join(" ")];
  });
  return Object.fromEntries(routes);
}

/** The logical name of the function that API Gateway calls from the path, or what is missing. */
function callable(graph: ResourceGraph, uri: string | undefined, path: string): string {
  const called = resourcesOfType(graph, "aws:lambda/function:Function").find(
    ({ outputs }) => outputs.invokeArn === uri,
  );
  if (!called) return "NO FUNCTION";
  const permitted = resourcesOfType(graph, "aws:lambda/permission:Permission").some(
    ({ inputs }) =>
      [called.outputs.name, called.outputs.arn].includes(inputs.function) &&
      matchesWildcard(inputs.sourceArn, path),
  );
  return permitted ? called.name : "NO PERMISSION";
}

/**
 * What clients lose at a moment of an update: routes that work before and after it, and then at no stage of the
 * API's; and a domain that leads nowhere.
 */
export function losses(before: Served, moment: Served, after: Served): string[] {
  const works = (served: Served) =>
    new Set(
      Object.values(served.stages).flatMap((routes) =>
        Object.entries(routes).flatMap(([key, does]) => (/\bNO\b/.test(does) ? [] : [key])),
      ),
    );
  const [had, has, willHave] = [works(before), works(moment), works(after)];
  const lost = [...had].filter((key) => willHave.has(key) && !has.has(key)).map((key) => `route ${key}`);
  const leads = ({ domains, stages }: Served, domain: string) => Object.hasOwn(stages, domains[domain] ?? "");
  const dark = Object.keys(before.domains)
    .filter((domain) => leads(before, domain) && leads(after, domain) && !leads(moment, domain))
    .map((domain) => `domain ${domain}`);
  return [...lost, ...dark];
}
