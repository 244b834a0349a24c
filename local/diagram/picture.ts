import {
  type Properties,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../graph/resource-graph.ts";

/** One thing that the picture shows, and the resources that it stands for. */
export interface Shape {
  readonly label: string;
  /** Smaller, below the label. */
  readonly detail: string;
  readonly resources: readonly RecordedResource[];
}

/** A row of an API: what calls, and the function that is called. */
export interface Call {
  readonly caller: Shape;
  /** Undefined where no function of the program is called. */
  readonly callee: Shape | undefined;
  /** Whether what the callee answers goes back to the client. */
  readonly answers: boolean;
  /** What the callee reads, like the keys of a user pool. */
  readonly source: string | undefined;
}

/** One stage of an API, from left to right: clients, the stage, its authorizers and routes, their functions. */
export interface ApiPicture {
  readonly stage: Shape;
  readonly calls: readonly Call[];
}

/** The program's resources by what they are for. Each is in exactly one shape. */
export interface Picture {
  readonly apis: readonly ApiPicture[];
  /** What surrounds the APIs: logs, alarms, a dashboard, policies, all else. */
  readonly surroundings: readonly Shape[];
}

/** Sorts the resources of a graph into shapes. */
export function pictureOf(graph: ResourceGraph): Picture {
  const drawn = new Set<string>();
  /** Takes the resources of these types that fit and that no shape has yet. */
  const take = (types: readonly string[], fits: (resource: RecordedResource) => unknown = () => true) => {
    const taken = types
      .flatMap((type) => resourcesOfType(graph, `aws:${type}`))
      .filter((resource) => !drawn.has(resource.urn) && fits(resource));
    for (const { urn } of taken) drawn.add(urn);
    return taken;
  };
  const functionShape = (arn: string | undefined): Shape | undefined => {
    const [lambda] = resourcesOfType(graph, "aws:lambda/function:Function").filter(
      ({ outputs }) => arn !== undefined && outputs.arn === arn,
    );
    if (!lambda) return undefined;
    const { role, loggingConfig, memorySize = 128, timeout = 3 } = lambda.inputs;
    const logGroup = loggingConfig?.logGroup ?? `/aws/lambda/${lambda.outputs.name}`;
    const roleName = role?.split("/").at(-1);
    const logs = take(["cloudwatch/logGroup:LogGroup"], ({ outputs }) => outputs.name === logGroup);
    const resources = [
      ...take(["lambda/function:Function"], ({ urn }) => urn === lambda.urn),
      ...take(["iam/role:Role"], ({ outputs }) => outputs.name === roleName),
      ...take(
        ["iam/rolePolicy:RolePolicy", "iam/rolePolicyAttachment:RolePolicyAttachment"],
        ({ inputs }) => inputs.role === roleName,
      ),
      ...logs,
    ];
    const days = logs[0]?.inputs.retentionInDays;
    return {
      label: `function ${lambda.name}`,
      detail: [`${memorySize} MB`, `${timeout} s`, days && `logs ${days} days`].filter(Boolean).join(" · "),
      resources,
    };
  };
  const apis = resourcesOfType(graph, "aws:apigatewayv2/stage:Stage").map((stage) =>
    apiPicture(graph, stage, take, functionShape),
  );
  return { apis, surroundings: surroundingsOf(graph, take, drawn) };
}

type Take = (types: readonly string[], fits?: (resource: RecordedResource) => unknown) => RecordedResource[];

function apiPicture(
  graph: ResourceGraph,
  stage: RecordedResource,
  take: Take,
  functionShape: (arn: string | undefined) => Shape | undefined,
): ApiPicture {
  const ofApi = ({ id, inputs }: RecordedResource) => (inputs.apiId ?? id) === stage.inputs.apiId;
  const permission = (sourceEnd: string) =>
    take(["lambda/permission:Permission"], ({ inputs }) => inputs.sourceArn?.endsWith(sourceEnd));
  const authorizers = take(["apigatewayv2/authorizer:Authorizer"], ofApi).map((authorizer): Call => {
    const { identitySources = [], authorizerUri } = authorizer.inputs;
    const arn = functionArnOf(authorizerUri);
    const sources = identitySources.map((source: string) => source.split(".").at(-1)).join(", ");
    return {
      caller: {
        label: `authorizer ${authorizer.outputs.name}`,
        detail: sources ? `asked if there is ${sources}` : "asked for every new connection",
        resources: [authorizer, ...permission(`/authorizers/${authorizer.id}`)],
      },
      callee: functionShape(arn),
      answers: false,
      source: issuerOf(graph, arn),
    };
  });
  const routes = take(["apigatewayv2/route:Route"], ofApi)
    .sort((a, b) => rank(a) - rank(b) || a.inputs.routeKey.localeCompare(b.inputs.routeKey))
    .map((route): Call => {
      const { target, routeKey } = route.inputs;
      const integrations = resourcesOfType(graph, "aws:apigatewayv2/integration:Integration");
      const integration = integrations.find(({ id }) => `integrations/${id}` === target);
      const resources = [
        route,
        ...take(["apigatewayv2/integration:Integration"], ({ id }) => id === integration?.id),
        ...take(["apigatewayv2/routeResponse:RouteResponse"], ({ inputs }) => inputs.routeId === route.id),
        ...take(["apigatewayv2/model:Model"], ({ inputs }) =>
          Object.values(route.inputs.requestModels ?? {}).includes(inputs.name),
        ),
        ...permission(`/${routeKey}`),
      ];
      const callee = functionShape(functionArnOf(integration?.inputs.integrationUri));
      const answers = Boolean(route.inputs.routeResponseSelectionExpression);
      return {
        caller: { label: routeKey, detail: detailOf(route, stage), resources },
        callee,
        answers,
        source: undefined,
      };
    });
  const around = [
    stage,
    ...take(
      ["apigatewayv2/api:Api", "apigatewayv2/deployment:Deployment", "apigatewayv2/apiMapping:ApiMapping"],
      ofApi,
    ),
    ...take([
      ...["apigatewayv2/domainName:DomainName", "route53/record:Record"],
      ...["acm/certificate:Certificate", "acm/certificateValidation:CertificateValidation"],
    ]),
  ];
  take(["apigatewayv2/stage:Stage"], ({ urn }) => urn === stage.urn);
  const domain = around.find(({ type }) => type.endsWith(":DomainName"))?.id;
  const detail = domain ? `wss://${domain}` : "WebSocket API";
  return {
    stage: { label: `API Gateway, stage ${stage.outputs.name}`, detail, resources: around },
    calls: [...authorizers, ...routes],
  };
}

function surroundingsOf(graph: ResourceGraph, take: Take, drawn: ReadonlySet<string>): Shape[] {
  const logs = take([
    ...["cloudwatch/logGroup:LogGroup", "apigateway/account:Account"],
    ...["iam/role:Role", "iam/rolePolicyAttachment:RolePolicyAttachment"],
  ]);
  const groups = logs.filter(({ type }) => type.endsWith(":LogGroup"));
  const alarms = take(["cloudwatch/metricAlarm:MetricAlarm"]);
  const dashboards = take(["cloudwatch/dashboard:Dashboard"]);
  const policies = take(["iam/policy:Policy"]);
  const rest = graph.resources.filter(({ custom, urn }) => custom && !drawn.has(urn));
  const named = (resources: readonly RecordedResource[]) => resources.map(({ name }) => name).join(", ");
  return [
    { label: "logs of API Gateway", detail: named(groups), resources: logs },
    { label: `${alarms.length} alarms`, detail: named(alarms), resources: alarms },
    { label: "dashboard", detail: named(dashboards), resources: dashboards },
    { label: "policies for other stacks", detail: named(policies), resources: policies },
    { label: "also", detail: named(rest), resources: rest },
  ].filter(({ resources }) => resources.length > 0);
}

/** The connection's own routes in the order of its life, then the actions, then what takes the rest. */
function rank({ inputs }: RecordedResource): number {
  const order = ["$connect", "$disconnect", "", "$default"];
  return order.indexOf(inputs.routeKey) === -1 ? 2 : order.indexOf(inputs.routeKey);
}

function detailOf({ inputs }: RecordedResource, stage: RecordedResource): string {
  const { routeKey, authorizationType, requestModels, routeResponseSelectionExpression } = inputs;
  const { defaultRouteSettings, routeSettings = [] } = stage.inputs;
  const own = routeSettings.find((settings: Properties) => settings.routeKey === routeKey);
  const rate = (own ?? defaultRouteSettings)?.throttlingRateLimit;
  return [
    authorizationType === "CUSTOM" && "authorized",
    requestModels && "checked",
    routeResponseSelectionExpression && "answers",
    rate && `${rate}/s`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function functionArnOf(uri = ""): string | undefined {
  return /\/functions\/(arn:.+)\/invocations$/.exec(uri)?.[1];
}

/** The user pool whose tokens the function verifies, if it is told of one. */
function issuerOf(graph: ResourceGraph, functionArn: string | undefined): string | undefined {
  const lambda = resourcesOfType(graph, "aws:lambda/function:Function").find(
    ({ outputs }) => outputs.arn === functionArn,
  );
  const { ISSUER, JWKS } = lambda?.inputs.environment?.variables ?? {};
  return ISSUER && `user pool: keys read ${JWKS ? "at deployment" : "at run time"}`;
}
