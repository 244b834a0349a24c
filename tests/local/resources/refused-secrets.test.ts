import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { checkResource } from "../../../local/resources/rules.ts";
import { graphOf, resource } from "../../resource-graph.ts";

const graph = graphOf();
const logGroup = (retentionInDays: unknown, ...secretPaths: string[]) => ({
  ...resource("cloudwatch/logGroup:LogGroup", "logs", { inputs: { retentionInDays, name: "hunter2/logs" } }),
  ...(secretPaths.length > 0 && { secretPaths }),
});

function refusal(one: ReturnType<typeof logGroup>): string {
  try {
    checkResource(one, graph);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing is refused");
}

describe("the refusal of a resource", () => {
  it("quotes the value that AWS refuses", () => {
    assert.match(refusal(logGroup(4)), /^aws:cloudwatch\/logGroup:LogGroup "logs": retentionInDays is 4: /);
  });

  for (const path of ["retentionInDays", "retentionInDays.days"])
    it(`does not quote a value with a secret at ${path}`, () => {
      const message = refusal(logGroup({ days: "hunter2" }, path));
      assert.match(message, /^aws:cloudwatch\/logGroup:LogGroup "logs": retentionInDays is \[secret\]: /);
      assert.doesNotMatch(message, /hunter2/);
    });

  it("quotes the values beside a secret", () => {
    assert.match(refusal(logGroup(4, "name")), /retentionInDays is 4: /);
  });

  it("does not repeat a secret in what AWS answers", () => {
    const lambda = resource("lambda/function:Function", "f", {
      inputs: {
        role: "arn:aws:iam::123456789012:user/hunter2",
        handler: "index.handler",
        runtime: "nodejs24.x",
      },
    });
    const plain = refusal(lambda);
    const secret = refusal({ ...lambda, secretPaths: ["role"] });
    assert.match(plain, /hunter2/);
    assert.doesNotMatch(secret, /hunter2/);
    assert.match(secret, /\[secret\]/);
  });
});
