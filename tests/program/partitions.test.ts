import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { before, describe, it } from "mocha";
import ts from "typescript";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { projectName } from "../project-name.ts";
import { domain, programGraph, resource, textsOf } from "./program-graph.ts";

/** All that a pattern finds in what the program declares, each once, sorted. */
function found({ resources, outputs }: ResourceGraph, pattern: RegExp): string[] {
  const texts = textsOf([resources.map((one) => [one.inputs, one.outputs]), outputs]);
  return [...new Set(texts.flatMap((text) => text.match(pattern) ?? []))].sort();
}

for (const [region, partition, dnsSuffix, consoleHost] of [
  ["eu-central-1", "aws", "amazonaws.com", "console.aws.amazon.com"],
  ["cn-north-1", "aws-cn", "amazonaws.com.cn", "console.amazonaws.cn"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com", "console.amazonaws-us-gov.com"],
] as const)
  describe(`the program in ${region}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await programGraph({
        ...domain,
        "aws:region": region,
        userPoolId: `${region}_TestPool`,
        alarmTopicArn: `arn:${partition}:sns:${region}:123456789012:alarms`,
      });
    });

    it("has ARNs of that partition, and of that region where they have one", () => {
      assert.deepEqual(found(graph, /\barn:[^:]*:/g), [`arn:${partition}:`]);
      assert.deepEqual(found(graph, /\b[a-z]{2}(-gov)?-(east|west|north|south|central)-\d\b/g), [region]);
    });

    it("has addresses under that partition's domain", () => {
      const { apiId } = graph.outputs;
      const { targetDomainName } = resource(graph, "aws:apigatewayv2/domainName:DomainName", "domain").outputs
        .domainNameConfiguration;
      assert.deepEqual(
        found(graph, /\b[\w.-]*amazon[\w.-]*/g),
        [
          `${apiId}.execute-api.${region}.${dnsSuffix}`,
          targetDomainName,
          `cognito-idp.${region}.${dnsSuffix}`,
          consoleHost,
          // Service principals are the same in every partition.
          "apigateway.amazonaws.com",
          "lambda.amazonaws.com",
        ].sort(),
      );
      assert.ok(targetDomainName.endsWith(`.execute-api.${region}.${dnsSuffix}`));
      assert.deepEqual(
        found(graph, /\b(https|wss):\/\/[^/']+/g),
        [
          "wss://chat.example.com",
          `wss://${apiId}.execute-api.${region}.${dnsSuffix}`,
          `https://${apiId}.execute-api.${region}.${dnsSuffix}`,
          `https://cognito-idp.${region}.${dnsSuffix}`,
          `https://${consoleHost}`,
        ].sort(),
      );
    });

    it("links the console of that partition", () => {
      assert.equal(
        graph.outputs.dashboardUrl,
        `https://${consoleHost}/cloudwatch/home?region=${region}#dashboards/dashboard/${projectName}-test-${graph.outputs.apiId}`,
      );
    });
  });

describe("the program's sources", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));

  /** Each text in a source file that names a partition, a region or a host of AWS; comments are left out. */
  function literals(path: string): string[] {
    const file = ts.createSourceFile(path, readFileSync(`${root}${path}`, "utf8"), ts.ScriptTarget.Latest);
    const texts: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node))
        texts.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return texts.filter((text) => /arn:aws|amazon|[a-z]{2}-[a-z]+-\d/.test(text));
  }

  it("name a partition, a region or a host in these texts alone", () => {
    const files = globSync(["index.ts", "infra/*.ts"], { cwd: root }).sort();
    for (const path of ["index.ts", "infra/user-pool.ts"]) assert.ok(files.includes(path), path);
    const all = files.map((path) => [path, [...new Set(literals(path))]] as const);
    const servicePrincipal = ["apigateway.amazonaws.com"];
    assert.deepEqual(Object.fromEntries(all.filter(([, texts]) => texts.length > 0)), {
      "infra/authorizer.ts": servicePrincipal,
      "infra/api-gateway-log-role.ts": servicePrincipal,
      "infra/dashboard.ts": [
        "console.aws.amazon.com",
        "console.amazonaws.cn",
        "console.amazonaws-us-gov.com",
      ],
      "infra/lambda-function.ts": ["lambda.amazonaws.com"],
      "infra/route.ts": servicePrincipal,
      // Examples in messages.
      "infra/settings.ts": [
        "us-east-1_AbCdEfGhI",
        "arn:aws:sns:us-east-1:123456789012:alarms",
        "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
      ],
    });
  });
});
