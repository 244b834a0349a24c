import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import {
  dependencyClosure,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../../local/graph/resource-graph.ts";
import { projectName } from "../project-name.ts";
import { checkedNames, functionNames, modelName, replyingNames, routeNames } from "./declared-routes.ts";
import { fullest, programGraph, resource, textsOf } from "./program-graph.ts";

let graph: ResourceGraph;
let mentions: readonly Mention[];

before(async () => {
  graph = await programGraph(fullest);
  mentions = mentionsIn(graph);
});

/** A resource that names another in its inputs. */
interface Mention {
  readonly from: RecordedResource;
  readonly to: RecordedResource;
}

/** What AWS made for a resource and nothing else has: its id, ARN, generated name. */
function identifiersOf({ id, inputs, outputs: { executionArn, ...outputs } }: RecordedResource): string[] {
  const given = textsOf(inputs);
  // An execution ARN is a pattern in policies, for which nothing need exist, and the account is older than the stack.
  return [id, ...textsOf(outputs)].filter(
    (text) => text.length > 5 && !given.includes(text) && text !== graph.account.accountId,
  );
}

function mentionsIn({ resources }: ResourceGraph): Mention[] {
  const identified = resources
    .filter(({ custom }) => custom)
    .map((to) => ({ to, identifiers: identifiersOf(to) }));
  return resources.flatMap((from) => {
    const texts = textsOf(from.inputs);
    return identified
      .filter(
        ({ to, identifiers }) =>
          to !== from && texts.some((text) => identifiers.some((id) => text.includes(id))),
      )
      .map(({ to }) => ({ from, to }));
  });
}

function described({ from, to }: Mention): string {
  return `${kindOf(from)} ${from.name} > ${kindOf(to)} ${to.name}`;
}

function kindOf({ type }: RecordedResource): string {
  return type.split(":")[2] ?? type;
}

const closureOf = (type: string, name: string) =>
  dependencyClosure(graph, resource(graph, `aws:${type}`, name).urn);

/** URNs of the resources that are not in the set. */
function missing(resources: readonly RecordedResource[], from: ReadonlySet<string>): string[] {
  return resources.map(({ urn }) => urn).filter((urn) => !from.has(urn));
}

describe("the order of creation", () => {
  it("is known by these mentions of one resource in another's inputs", () => {
    const kinds = new Set(mentions.map(({ from, to }) => `${kindOf(from)} > ${kindOf(to)}`));
    assert.deepEqual([...kinds].sort(), [
      "Account > Role",
      "ApiMapping > Api",
      "Authorizer > Api",
      "Authorizer > Function",
      "CertificateValidation > Certificate",
      "CertificateValidation > Record",
      "Dashboard > Api",
      "Deployment > Api",
      "DomainName > Certificate",
      "Function > Api",
      "Function > LogGroup",
      "Function > Role",
      "Integration > Api",
      "Integration > Function",
      "LogGroup > Api",
      "MetricAlarm > Api",
      "MetricAlarm > Function",
      "Model > Api",
      "Permission > Api",
      "Permission > Authorizer",
      "Permission > Function",
      "Policy > Api",
      "Record > Certificate",
      "Record > DomainName",
      "RolePolicy > LogGroup",
      "RolePolicy > Role",
      "RolePolicyAttachment > Role",
      "Route > Api",
      "Route > Authorizer",
      "Route > Integration",
      "RouteResponse > Api",
      "RouteResponse > Route",
      "Stage > Api",
      "Stage > Deployment",
      "Stage > LogGroup",
    ]);
  });

  it("has each resource after all that its inputs name, however early Pulumi starts it", () => {
    const early = mentions.filter(({ from, to }) => !dependencyClosure(graph, from.urn).has(to.urn));
    assert.deepEqual(early.map(described), []);
  });

  it("has each resource after all that it depends on", () => {
    const created = new Set<string>();
    for (const { urn, dependencies } of graph.resources) {
      assert.deepEqual(
        dependencies.filter((dependency) => !created.has(dependency)),
        [],
        urn,
      );
      created.add(urn);
    }
  });

  it("has what is named by a name of its own before what names it", () => {
    for (const [type, name, neededType, neededName] of [
      ...checkedNames.map(
        (name) => ["apigatewayv2/route:Route", name, "apigatewayv2/model:Model", name] as const,
      ),
      ["apigatewayv2/apiMapping:ApiMapping", "domain", "apigatewayv2/stage:Stage", "websocket"],
      ["apigatewayv2/apiMapping:ApiMapping", "domain", "apigatewayv2/domainName:DomainName", "domain"],
      ["route53/record:Record", "domain-a", "apigatewayv2/domainName:DomainName", "domain"],
      ["route53/record:Record", "domain-aaaa", "apigatewayv2/domainName:DomainName", "domain"],
    ] as const)
      assert.ok(
        closureOf(type, name).has(resource(graph, `aws:${neededType}`, neededName).urn),
        `${type} ${name}`,
      );
  });

  it("has log groups and the right to write to them before the functions", () => {
    for (const name of functionNames) {
      const closure = closureOf("lambda/function:Function", name);
      for (const type of ["cloudwatch/logGroup:LogGroup", "iam/role:Role", "iam/rolePolicy:RolePolicy"])
        assert.ok(closure.has(resource(graph, `aws:${type}`, name).urn), `${type} ${name}`);
    }
  });

  it("has the certificate proven before the domain uses it", () => {
    const closure = closureOf("apigatewayv2/domainName:DomainName", "domain");
    for (const [type, name] of [
      ["acm/certificate:Certificate", "domain"],
      ["route53/record:Record", "domain-proof"],
      ["acm/certificateValidation:CertificateValidation", "domain"],
    ] as const)
      assert.ok(closure.has(resource(graph, `aws:${type}`, name).urn), `${type} ${name}`);
  });

  for (const [type, name] of [
    ["apigatewayv2/deployment:Deployment", "websocket"],
    ["apigatewayv2/stage:Stage", "websocket"],
  ] as const)
    it(`has all that is served, with every permission and right, before the ${type.split(":")[1]}`, () => {
      const served = [
        ...["api:Api", "authorizer:Authorizer", "integration:Integration", "model:Model", "route:Route"],
        "routeResponse:RouteResponse",
      ].map((kind) => `aws:apigatewayv2/${kind}`);
      const rights = [
        "aws:lambda/function:Function",
        "aws:lambda/permission:Permission",
        "aws:iam/rolePolicy:RolePolicy",
      ];
      const needed = [...served, ...rights].flatMap((kind) => resourcesOfType(graph, kind));
      assert.equal(
        needed.length,
        1 + 1 + routeNames.length * 2 + checkedNames.length + replyingNames.length + functionNames.length * 3,
      );
      assert.deepEqual(missing(needed, closureOf(type, name)), []);
    });

  it("has the deployment, the log groups and the account's log role before the stage", () => {
    const logs = ["access", "execution"].map((name) =>
      resource(graph, "aws:cloudwatch/logGroup:LogGroup", name),
    );
    const needed = [
      resource(graph, "aws:apigatewayv2/deployment:Deployment", "websocket"),
      resource(graph, "aws:apigateway/account:Account", "region"),
      resource(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "api-gateway-logs"),
      ...logs,
    ];
    assert.deepEqual(missing(needed, closureOf("apigatewayv2/stage:Stage", "websocket")), []);
  });
});

describe("an update", () => {
  it("can make the new deployment before the old one goes: the stage names it by id, and nothing else does", () => {
    const deployment = resource(graph, "aws:apigatewayv2/deployment:Deployment", "websocket");
    assert.deepEqual(Object.keys(deployment.inputs).sort(), ["apiId", "triggers"]);
    const naming = mentions
      .filter(({ to }) => to === deployment)
      .map(({ from }) => `${kindOf(from)} ${from.name}`);
    assert.deepEqual(naming, ["Stage websocket"]);
    const { deploymentId } = resource(graph, "aws:apigatewayv2/stage:Stage", "websocket").inputs;
    assert.equal(deploymentId, deployment.id);
  });

  it("meets no name that is taken: only these have one of their own", () => {
    const named = graph.resources.flatMap(({ type, name, inputs }) => {
      const own = inputs.name ?? inputs.dashboardName;
      return own === undefined ? [] : [`${type.split(":")[2]} ${name}: ${own}`];
    });
    const { apiId } = graph.outputs;
    const proof = resource(graph, "aws:acm/certificate:Certificate", "domain").outputs
      .domainValidationOptions[0];
    const expected = [
      "Authorizer cognito: cognito",
      `Dashboard websocket: ${projectName}-test-${apiId}`,
      `LogGroup execution: /aws/apigateway/${apiId}/prod`,
      ...checkedNames.map((name) => `Model ${name}: ${modelName(name)}`),
      "Record domain-a: chat.example.com",
      "Record domain-aaaa: chat.example.com",
      `Record domain-proof: ${proof.resourceRecordName}`,
      "Stage websocket: prod",
    ];
    assert.deepEqual(named.sort(), expected.sort());
  });
});

describe("destroying the stack", () => {
  it("removes nothing that something left still names, however early Pulumi removes it", () => {
    let left = graph.resources;
    let waves = 0;
    while (left.length > 0) {
      const needed = new Set(left.flatMap(({ dependencies, parent }) => [...dependencies, parent]));
      const wave = new Set(left.filter(({ urn }) => !needed.has(urn)));
      assert.ok(wave.size > 0, "something can go");
      left = left.filter((one) => !wave.has(one));
      const dangling = mentions.filter(({ from, to }) => wave.has(to) && left.includes(from));
      assert.deepEqual(dangling.map(described), []);
      waves++;
    }
    assert.ok(waves > 5);
  });

  it("keeps the account's log role, which needs nothing that goes, and the proof of the name", () => {
    const kept = graph.resources.filter(({ retainOnDelete }) => retainOnDelete);
    const proof = resource(graph, "aws:route53/record:Record", "domain-proof");
    const role = kept.filter((one) => one !== proof);
    assert.ok(kept.includes(proof));
    assert.deepEqual(role.map(({ type, name }) => `${type} ${name}`).sort(), [
      "aws:apigateway/account:Account region",
      "aws:iam/role:Role api-gateway-logs",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment api-gateway-logs",
    ]);
    const needed = new Set(role.flatMap(({ urn }) => [...dependencyClosure(graph, urn)]));
    for (const { urn } of role) needed.delete(urn);
    assert.deepEqual([...needed], []);
    const needy = mentions.filter(({ from, to }) => role.includes(from) && !role.includes(to));
    assert.deepEqual(needy.map(described), []);
  });
});
