import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LambdaService } from "../../local/lambda/lambda-service.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { deploymentOf } from "../../local/stack/deployment.ts";
import { withProject } from "../engine/temporary-project.ts";
import { runProgram } from "../run-program.ts";

function programWith(policies: string) {
  return {
    "Pulumi.yaml": "name: inline\nruntime: nodejs\nconfig:\n  aws:region: us-east-1\n",
    "package.json": '{ "main": "index.ts" }',
    "index.ts": `
      import * as aws from "@pulumi/aws";
      const greeting = "hello";
      new aws.lambda.CallbackFunction("greet", {
        callback: async (event: { name: string }) => greeting + ", " + event.name,
        ${policies}
      });`,
  };
}

describe("a function that is written inside the program", () => {
  it("runs with what it closes over", async () => {
    const files = programWith("policies: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],");
    const graph = await withProject(files, (folder) => runProgram(readStackConfig(folder, "dev")));
    const { functions, warnings } = deploymentOf(graph);
    assert.deepEqual(warnings, []);
    const lambda = new LambdaService({ functions, hosts: {} });
    try {
      const result = await lambda.invoke(functions[0]?.functionArn ?? "", { name: "Ann" });
      assert.deepEqual(result.ok && result.payload, "hello, Ann");
    } finally {
      await lambda.close();
    }
  });

  it("is refused with the policies that Pulumi gives it, which are not known locally", async () => {
    const graph = await withProject(programWith(""), (folder) => runProgram(readStackConfig(folder, "dev")));
    assert.throws(() => deploymentOf(graph), {
      message:
        'role "greet" has the policy arn:aws:iam::aws:policy/AWSLambda_FullAccess, which is neither declared by the program nor known locally: write what the role may do into an aws.iam.RolePolicy, or attach one of AWS\'s own that are known, service-role/AWSLambdaBasicExecutionRole, AmazonAPIGatewayInvokeFullAccess',
    });
  });
});
