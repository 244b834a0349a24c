import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Properties, ResourceGraph } from "../../local/graph/resource-graph.ts";
import { resourceTypes } from "../../local/resources/resource-types.ts";
import {
  checkResource,
  checkStack,
  RefusedResourceError,
  rules,
  rulesOf,
} from "../../local/resources/rules.ts";
import { graphOf, resource } from "../resource-graph.ts";
import * as account from "./apigateway/account-cases.ts";
import * as api from "./apigatewayv2/api-cases.ts";
import * as apiMapping from "./apigatewayv2/api-mapping-cases.ts";
import * as authorizer from "./apigatewayv2/authorizer-cases.ts";
import * as deployment from "./apigatewayv2/deployment-cases.ts";
import * as domainName from "./apigatewayv2/domain-name-cases.ts";
import * as integration from "./apigatewayv2/integration-cases.ts";
import * as integrationResponse from "./apigatewayv2/integration-response-cases.ts";
import * as model from "./apigatewayv2/model-cases.ts";
import * as route from "./apigatewayv2/route-cases.ts";
import * as routeDeployed from "./apigatewayv2/route-deployed-cases.ts";
import * as routeResponse from "./apigatewayv2/route-response-cases.ts";
import * as stage from "./apigatewayv2/stage-cases.ts";
import * as dashboard from "./cloudwatch/dashboard-cases.ts";
import * as logGroup from "./cloudwatch/log-group-cases.ts";
import * as metricAlarm from "./cloudwatch/metric-alarm-cases.ts";
import * as user from "./cognito/user-cases.ts";
import * as userPool from "./cognito/user-pool-cases.ts";
import * as userPoolClient from "./cognito/user-pool-client-cases.ts";
import * as policy from "./iam/policy-cases.ts";
import * as policyDocuments from "./iam/policy-documents-cases.ts";
import * as role from "./iam/role-cases.ts";
import * as rolePolicyAttachment from "./iam/role-policy-attachment-cases.ts";
import * as rolePolicy from "./iam/role-policy-cases.ts";
import * as environmentVariables from "./lambda/environment-variables-cases.ts";
import * as lambdaFunction from "./lambda/function-cases.ts";
import * as packageSize from "./lambda/package-size-cases.ts";
import * as permission from "./lambda/permission-cases.ts";
import * as partitionOfArns from "./partition-of-arns-cases.ts";
import type { AcceptedCase, RuleCase } from "./rule-case.ts";
import { changed, type RunArgs, runRuleProgram } from "./rule-program.ts";

/** In the order of the folders: what breaks each rule, and what rules take at their limits. */
const all: readonly { refused: readonly RuleCase[]; accepted?: readonly AcceptedCase[] }[] = [
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
  routeDeployed,
  routeResponse,
  stage,
  dashboard,
  logGroup,
  metricAlarm,
  user,
  userPool,
  userPoolClient,
  policy,
  policyDocuments,
  role,
  rolePolicyAttachment,
  rolePolicy,
  environmentVariables,
  lambdaFunction,
  packageSize,
  permission,
  partitionOfArns,
];
const cases = all.flatMap(({ refused }) => refused);
const accepted = all.flatMap((one) => one.accepted ?? []);

function run({ of, inputs, alter, account, more }: RuleCase | AcceptedCase): Promise<ResourceGraph> {
  const changes = inputs ? changed(of, inputs) : alter;
  const args: RunArgs = {
    ...(changes && { alter: changes }),
    ...(account && { account }),
    ...(more && { more }),
  };
  return runRuleProgram(args);
}

/** Words in braces stand for what the program gets from AWS. */
function wordsOf(graph: ResourceGraph): Properties {
  const find = (type: string, name: string) =>
    graph.resources.find((resource) => resource.type === `aws:${type}` && resource.name === name);
  const lambda = find("lambda/function:Function", "sentry")?.outputs;
  const logRole: string = find("iam/role:Role", "logs")?.outputs.arn;
  const role = find("iam/role:Role", "sentry")?.outputs;
  return {
    api: find("apigatewayv2/api:Api", "chat")?.id,
    execution: find("apigatewayv2/api:Api", "chat")?.outputs.executionArn,
    authorizer: find("apigatewayv2/authorizer:Authorizer", "sentry")?.id,
    mock: find("apigatewayv2/integration:Integration", "ping")?.id,
    route: find("apigatewayv2/route:Route", "say")?.id,
    target: find("apigatewayv2/route:Route", "say")?.inputs.target,
    function: lambda?.arn,
    invoke: lambda?.invokeArn,
    role: role?.arn,
    roleName: role?.name,
    logRole,
  };
}

describe("the rules of the emulated AWS", () => {
  let words: Properties;
  before(async () => {
    words = wordsOf(await runRuleProgram());
  });

  /** The whole message, with AWS's ids. */
  function messageOf({ of: [type, name], says }: RuleCase): string {
    return `aws:${type} "${name}": ${says.replace(/\{([a-z]\w+)\}/gi, (braces, word) => words[word] ?? braces)}`;
  }

  it("are kept by a program with a resource of every type", async () => {
    const graph = await runRuleProgram();
    assert.deepEqual(graph.warnings, []);
    const types = new Set(graph.resources.map(({ type }) => type));
    const ruled = resourceTypes.filter((one) => one.rules.length > 0);
    assert.deepEqual(
      ruled.map(({ type }) => type).filter((type) => !types.has(type)),
      [],
    );
  });

  it("have names of their own, and are all broken below", () => {
    for (const { type } of resourceTypes) {
      const names = rulesOf(type).map(({ name }) => name);
      assert.deepEqual([...new Set(names)], names, type);
    }
    assert.deepEqual(
      [...new Set(cases.map(({ rule }) => rule))].sort(),
      [...new Set(rules.map(({ name }) => name))].sort(),
    );
  });

  for (const one of cases) {
    const severity = rules.find(({ name }) => name === one.rule)?.severity ?? "error";
    const [what = ""] = one.says.split(": ");
    const title = `${one.of[0].split(":")[1]} whose ${what.slice(0, 100)}`;
    if (severity === "error")
      it(`refuse ${title} (${one.rule})`, async () => {
        await assert.rejects(run(one), (error) => {
          assert.ok(error instanceof RefusedResourceError, String(error));
          assert.deepEqual([error.rule, error.message], [one.rule, messageOf(one)]);
          return true;
        });
      });
    else
      it(`warn of ${title} (${one.rule})`, async () => {
        const graph = await run(one);
        const message = messageOf(one);
        assert.deepEqual(graph.warnings, [message]);
        assert.deepEqual(
          checkStack(graph).map((finding) => ({ ...finding, resource: finding.resource.urn })),
          [
            {
              severity: "warning",
              rule: one.rule,
              resource: graph.resources.find(
                ({ type, name }) => `${type} ${name}` === `aws:${one.of.join(" ")}`,
              )?.urn,
              message,
            },
          ],
        );
      });
  }

  for (const one of accepted)
    it(`take ${one.what.slice(0, 100)}`, async () => {
      assert.deepEqual((await run(one)).warnings, []);
    });

  it("take a package of more than 50 MB that zips well", () => {
    const code = { files: { "index.js": Buffer.alloc(50 * 1024 ** 2 + 1) } };
    const lambda = resource("lambda/function:Function", "sentry", { inputs: { code } });
    checkResource(lambda, graphOf());
  });

  it("judge a stack afterwards by what only the stack shows", () => {
    const lambda = resource("lambda/function:Function", "sentry", { inputs: { timeout: 901 } });
    assert.throws(() => checkResource(lambda, graphOf()), { rule: "function-timeout" });
    assert.deepEqual(checkStack(graphOf(lambda)), []);
  });

  it("show a value of 200 characters whole, and no more of a longer one", () => {
    for (const [handler, shown] of [
      ["h".repeat(198), `"${"h".repeat(198)}"`],
      ["h".repeat(199), `"${"h".repeat(199)}...`],
    ] as const)
      assert.throws(
        () =>
          checkResource(resource("lambda/function:Function", "sentry", { inputs: { handler } }), graphOf()),
        (error) => error instanceof Error && error.message.includes(`handler is ${shown}: must be <path`),
      );
  });

  it("do not judge a component, which AWS never sees", () => {
    const elsewhere = resource("sns/topic:Topic", "news", { inputs: { arn: "arn:aws-cn:sns:x:1:y" } });
    assert.throws(() => checkResource(elsewhere, graphOf()), RefusedResourceError);
    checkResource({ ...elsewhere, custom: false }, graphOf());
  });

  it("do not judge what the program only reads", async () => {
    const account = { apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/logs" };
    const more = 'aws.apigateway.Account.get("theirs", "api-gateway-account");';
    const { warnings } = await runRuleProgram({ account, more });
    assert.deepEqual(warnings, []);
  });

  it("do not take a log role that is only read for one that is set", async () => {
    const more = 'aws.apigateway.Account.get("theirs", "api-gateway-account");';
    const unset = { ...cases.find(({ rule }) => rule === "stage-log-role"), more } as RuleCase;
    await assert.rejects(run(unset), { rule: "stage-log-role" });
  });
});
