import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { deploymentOf } from "../../local/stack/deployment.ts";
import { graphOf, resource } from "../resource-graph.ts";

const arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
const roleArn = "arn:aws:iam::123456789012:role/r";

/** A function without code, in a role that is gone, and one that is whole. */
const graph = graphOf(
  resource("lambda/function:Function", "broken", {
    inputs: { role: roleArn },
    outputs: { name: "broken", arn: `${arn}-broken` },
  }),
  resource("lambda/function:Function", "f", {
    inputs: { role: roleArn, runtime: "nodejs24.x", handler: "index.handler", code: { files: {} } },
    outputs: { name: "f", arn },
  }),
  resource("lambda/permission:Permission", "p", { inputs: { function: "gone" } }),
  resource("apigatewayv2/stage:Stage", "prod", { inputs: { apiId: "gone", name: "prod" } }),
);

describe("a graph that an engine has done half of", () => {
  it("is served as far as it goes, and the rest is named", () => {
    const { functions, apis, permits, warnings } = deploymentOf(graph, { leavesOut: true });
    assert.deepEqual(
      functions.map(({ logicalName }) => logicalName),
      ["f"],
    );
    assert.deepEqual([apis, permits(arn, "anything")], [[], false]);
    assert.deepEqual(warnings, [
      "not served: the program refers to aws:apigatewayv2/api:Api gone, which it does not declare",
      `not served: a function has the role ${roleArn}, which the program does not declare`,
      'not served: function "broken": local mode runs code given as an archive of local files (code), nothing else',
      'not served: permission "p": there is no function gone',
      'the role of function "f" may not write its log: AWS drops what it logs, and so does local mode',
    ]);
  });

  it("fails where all of it is wanted", () => {
    assert.throws(() => deploymentOf(graph));
  });
});
