import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { stackWarnings } from "../../../local/program/stack-warnings.ts";
import { RefusedResourceError } from "../../../local/resources/rules.ts";
import { graphOf, resource } from "../../resource-graph.ts";

const api = resource("apigatewayv2/api:Api", "chat", { id: "a1", inputs: { protocolType: "WEBSOCKET" } });
const route = (name: string) =>
  resource("apigatewayv2/route:Route", name, {
    inputs: { apiId: "a1", routeKey: name },
    dependencies: [api],
  });
const warnings = (...names: string[]) => stackWarnings(graphOf(api, ...names.map(route)));
const said =
  ": authorizationType is not set: AWS takes it for NONE, and the provider may not see a change of it: say NONE";

describe("the warnings of a stack", () => {
  it("are none for a stack without faults", () => {
    assert.deepEqual(stackWarnings(graphOf(resource("iam/role:Role", "a"))), []);
  });

  for (const [count, subject] of [
    [1, '"r0"'],
    [2, '"r0" and "r1"'],
    [4, '"r0", "r1", "r2", and "r3"'],
    [53, '"r0", "r1", "r2", and 50 more'],
  ] as const)
    it(`are one line for ${count} of the same`, () => {
      const names = Array.from({ length: count }, (_, i) => `r${i}`);
      assert.deepEqual(warnings(...names), [`aws:apigatewayv2/route:Route ${subject}${said}`]);
    });

  it("are one line for a rule that resources break with different values", () => {
    const account = (name: string) =>
      resource("apigateway/account:Account", name, { inputs: { cloudwatchRoleArn: `arn:${name}` } });
    assert.deepEqual(stackWarnings(graphOf(account("a"), account("b"), account("c"))), [
      'aws:apigateway/account:Account "a": cloudwatchRoleArn is "arn:a": destroying this stack takes the log role away from every API of the region: set retainOnDelete on it (this concerns also "b" and "c")',
    ]);
  });

  it("are lines of their own for different rules", () => {
    const odd = route("a");
    const graph = graphOf(api, { ...odd, inputs: { ...odd.inputs, requestModels: { a: "b" } } });
    assert.deepEqual(stackWarnings(graph), [
      `aws:apigatewayv2/route:Route "a"${said}`,
      'aws:apigatewayv2/route:Route "a": modelSelectionExpression is not set: no message is checked against requestModels',
    ]);
  });

  it("give way to what AWS refuses", () => {
    const stage = resource("apigatewayv2/stage:Stage", "prod", {
      inputs: { apiId: "a1", name: "prod", routeSettings: [{ routeKey: "absent" }] },
    });
    assert.throws(() => stackWarnings(graphOf(api, route("a"), stage)), RefusedResourceError);
  });
});
