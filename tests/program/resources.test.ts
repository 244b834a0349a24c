import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { AwsAccount, ResourceGraph } from "../../local/graph/resource-graph.ts";
import type { TestSettings } from "../test-stack.ts";
import {
  checkedNames,
  functionNames,
  replyingNames,
  routeNames,
  throttlingAlarms,
} from "./declared-routes.ts";
import { certificateArn, domain, fullest, programGraph, resource, withLogRole } from "./program-graph.ts";

/** Type to names, both sorted: without API Gateway's logs and without a domain. */
const smallest: Readonly<Record<string, readonly string[]>> = {
  "aws:apigatewayv2/api:Api": ["websocket"],
  "aws:apigatewayv2/authorizer:Authorizer": ["cognito"],
  "aws:apigatewayv2/deployment:Deployment": ["websocket"],
  "aws:apigatewayv2/integration:Integration": routeNames,
  "aws:apigatewayv2/model:Model": checkedNames,
  "aws:apigatewayv2/route:Route": routeNames,
  "aws:apigatewayv2/routeResponse:RouteResponse": replyingNames,
  "aws:apigatewayv2/stage:Stage": ["websocket"],
  "aws:cloudwatch/dashboard:Dashboard": ["websocket"],
  "aws:cloudwatch/logGroup:LogGroup": ["execution", ...functionNames].sort(),
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    "authorizer-failures",
    "execution-errors",
    "integration-errors",
    "latency",
    ...throttlingAlarms.keys(),
  ],
  "aws:iam/policy:Policy": ["manage-connections"],
  "aws:iam/role:Role": functionNames,
  "aws:iam/rolePolicy:RolePolicy": functionNames,
  "aws:lambda/function:Function": functionNames,
  "aws:lambda/permission:Permission": functionNames,
  "jwt-websocket-api:infra:LambdaFunction": functionNames,
  "jwt-websocket-api:infra:Route": routeNames,
};

function namesByType({ resources }: ResourceGraph) {
  const types = [...new Set(resources.map(({ type }) => type))];
  const names = (type: string) => resources.filter((one) => one.type === type).map(({ name }) => name);
  return Object.fromEntries(types.map((type) => [type, names(type).sort()]));
}

/** "type name" of each resource, sorted. */
function identities({ resources }: ResourceGraph): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

describe("the program's resources", () => {
  it("are these and no others without API Gateway's logs and a domain", async () => {
    assert.deepEqual(namesByType(await programGraph({ apiGatewayLogRole: "off" })), smallest);
  });

  it("are these and no others with all that a stack can have", async () => {
    assert.deepEqual(namesByType(await programGraph(fullest)), {
      ...smallest,
      "aws:acm/certificate:Certificate": ["domain"],
      "aws:acm/certificateValidation:CertificateValidation": ["domain"],
      "aws:apigateway/account:Account": ["region"],
      "aws:apigatewayv2/apiMapping:ApiMapping": ["domain"],
      "aws:apigatewayv2/domainName:DomainName": ["domain"],
      "aws:cloudwatch/logGroup:LogGroup": ["access", "execution", ...functionNames].sort(),
      "aws:iam/role:Role": ["api-gateway-logs", ...functionNames].sort(),
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["api-gateway-logs"],
      "aws:route53/record:Record": ["domain-a", "domain-aaaa", "domain-proof"],
    });
  });

  /** What goes away from the fullest stack, and what a stack gets that it has not; both of `type name`. */
  const differences: readonly [
    what: string,
    settings: TestSettings,
    account: Partial<AwsAccount>,
    gone: readonly string[],
  ][] = [
    [
      "with a ready certificate",
      { certificateArn },
      {},
      [
        "aws:acm/certificate:Certificate domain",
        "aws:acm/certificateValidation:CertificateValidation domain",
        "aws:route53/record:Record domain-proof",
      ],
    ],
    ["with IPv4 only", { ipAddressType: "ipv4" }, {}, ["aws:route53/record:Record domain-aaaa"]],
    [
      "without a hosted zone",
      { certificateArn, hostedZoneId: undefined },
      {},
      [
        "aws:acm/certificate:Certificate domain",
        "aws:acm/certificateValidation:CertificateValidation domain",
        "aws:route53/record:Record domain-a",
        "aws:route53/record:Record domain-aaaa",
        "aws:route53/record:Record domain-proof",
      ],
    ],
    [
      "in an account with the log role",
      { apiGatewayLogRole: "existing" },
      withLogRole,
      [
        "aws:iam/role:Role api-gateway-logs",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment api-gateway-logs",
      ],
    ],
    ["at the stage $default", { stageName: "$default" }, {}, ["aws:cloudwatch/logGroup:LogGroup execution"]],
    ["without a topic for alarms", { alarmTopicArn: "" }, {}, []],
    ["without detailed metrics", { detailedMetrics: "false" }, {}, []],
    ["with the default endpoint", { disableDefaultEndpoint: "false" }, {}, []],
    ["with one token source", { tokenSources: '["header"]' }, {}, []],
  ];
  for (const [what, settings, account, gone] of differences)
    it(`are ${gone.length === 0 ? "the same" : `those but ${gone.length}`} ${what}`, async () => {
      const all = identities(await programGraph(fullest));
      const some = identities(await programGraph({ ...fullest, ...settings }, account));
      assert.deepEqual(
        some,
        all.filter((one) => !gone.includes(one)),
      );
      assert.equal(some.length, all.length - gone.length);
    });

  it("of a domain exist with a domain only", async () => {
    const without = identities(await programGraph());
    const added = identities(await programGraph(domain)).filter((one) => !without.includes(one));
    assert.deepEqual(added, [
      "aws:acm/certificate:Certificate domain",
      "aws:acm/certificateValidation:CertificateValidation domain",
      "aws:apigatewayv2/apiMapping:ApiMapping domain",
      "aws:apigatewayv2/domainName:DomainName domain",
      "aws:route53/record:Record domain-a",
      "aws:route53/record:Record domain-aaaa",
      "aws:route53/record:Record domain-proof",
    ]);
  });

  it("of a function and of a route are its children, and all others are at the top", async () => {
    const graph = await programGraph(fullest);
    const children = (component: string, names: readonly string[], types: readonly string[]) =>
      types.flatMap((type) =>
        names
          .filter((name) => graph.resources.some((one) => one.type === `aws:${type}` && one.name === name))
          .map((name) => [resource(graph, `aws:${type}`, name).urn, resource(graph, component, name).urn]),
      );
    const lambdaFunction = "jwt-websocket-api:infra:LambdaFunction";
    const route = "jwt-websocket-api:infra:Route";
    const expected = new Map([
      ...children(lambdaFunction, functionNames, [
        "cloudwatch/logGroup:LogGroup",
        "iam/role:Role",
        "iam/rolePolicy:RolePolicy",
        "lambda/function:Function",
      ] as const),
      ...children(route, routeNames, [
        "lambda/permission:Permission",
        "apigatewayv2/integration:Integration",
        "apigatewayv2/model:Model",
        "apigatewayv2/route:Route",
        "apigatewayv2/routeResponse:RouteResponse",
      ]),
      ...routeNames.map((name) => [
        resource(graph, lambdaFunction, name).urn,
        resource(graph, route, name).urn,
      ]),
    ] as [string, string][]);
    assert.equal(
      expected.size,
      functionNames.length * 4 + routeNames.length * 4 + checkedNames.length + replyingNames.length,
    );
    assert.deepEqual(
      graph.resources.map(({ urn, parent }) => [urn, parent]),
      graph.resources.map(({ urn }) => [urn, expected.get(urn)]),
    );
  });
});
