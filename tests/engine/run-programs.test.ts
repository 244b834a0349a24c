import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { runProgram } from "../../local/program/run-program.ts";
import { runPrograms } from "../../local/program/run-programs.ts";
import { readStackConfig, type StackConfig } from "../../local/program/stack-config.ts";
import { graphOf, resource } from "../resource-graph.ts";
import { withProject } from "./temporary-project.ts";

function stackConfig(project: string, config: Readonly<Record<string, string>> = {}): StackConfig {
  const workingDirectory = `/projects/${project}`;
  const programPath = `${workingDirectory}/index.ts`;
  return {
    project,
    stack: "test",
    rootDirectory: workingDirectory,
    workingDirectory,
    main: ".",
    programPath,
    runtime: { name: "nodejs", nodeArgs: [], typescript: true },
    config,
    secretKeys: [],
    environments: [],
    isConfigured: false,
  };
}

/** Runs the programs as if each declared one role and had its project's name as output; notes what each run is given. */
async function run(...programs: [StackConfig, ...StackConfig[]]) {
  const given: StackConfig[] = [];
  const graph = await runPrograms(programs, async (one) => {
    given.push(one);
    const { project, stack } = one;
    const warnings = [`${project} warns`];
    const outputs: Properties = { name: project };
    return { ...graphOf(resource("iam/role:Role", project)), project, stack, outputs, warnings };
  });
  return { graph, given };
}

describe("programs that run together", () => {
  it("are one graph of all their resources and warnings, with the name and outputs of the first", async () => {
    const { graph } = await run(stackConfig("api"), stackConfig("notifier"));
    assert.deepEqual(graph, {
      ...graphOf(resource("iam/role:Role", "api"), resource("iam/role:Role", "notifier")),
      project: "api",
      outputs: { name: "api" },
      warnings: ["api warns", "notifier warns"],
    });
  });

  it("are each given the outputs of those before them, and of no others", async () => {
    const { given } = await run(stackConfig("api"), stackConfig("notifier"), stackConfig("audit"));
    assert.deepEqual(
      given.map(({ stackOutputs }) => stackOutputs),
      [
        undefined,
        { "api/test": { name: "api" } },
        { "api/test": { name: "api" }, "notifier/test": { name: "notifier" } },
      ],
    );
  });

  it("have the region of the first", async () => {
    const { given } = await run(
      stackConfig("api", { "aws:region": "us-east-1" }),
      stackConfig("notifier", { "notifier:size": "1" }),
      stackConfig("audit", { "aws:region": "us-east-1" }),
    );
    assert.deepEqual(
      given.map(({ config }) => config),
      [
        { "aws:region": "us-east-1" },
        { "aws:region": "us-east-1", "notifier:size": "1" },
        { "aws:region": "us-east-1" },
      ],
    );
  });

  it("are not in two regions", async () => {
    const programs = [
      stackConfig("api", { "aws:region": "us-east-1" }),
      stackConfig("notifier", { "aws:region": "eu-west-1" }),
    ] as const;
    const message =
      "notifier/test is configured with aws:region eu-west-1, and api/test with us-east-1: local mode serves one region";
    await assert.rejects(run(...programs), new OperatorError(message));
  });

  it("are of different projects, or none of them runs", async () => {
    const ran: string[] = [];
    const programs = ["api", "notifier", "notifier"].map((project, i) => ({
      ...stackConfig(project),
      workingDirectory: `/projects/${i}`,
    })) as [StackConfig, ...StackConfig[]];
    const message =
      "two programs are of the project notifier, in /projects/1 and /projects/2: name each once, and give each its own name in its Pulumi.yaml";
    await assert.rejects(
      runPrograms(programs, async ({ project }) => {
        ran.push(project);
        return graphOf();
      }),
      new OperatorError(message),
    );
    assert.deepEqual(ran, []);
  });

  it("read each other through StackReferences", async () => {
    const files = {
      "api/Pulumi.yaml": "name: api\nruntime: nodejs\nconfig:\n  aws:region:\n    value: eu-west-1\n",
      "api/index.ts": 'export const url = "wss://api"; export const parts = { list: [1, "two"] };',
      "client/Pulumi.yaml": "name: client\nruntime: nodejs\n",
      "client/index.ts": `
        import * as pulumi from "@pulumi/pulumi";
        const api = new pulumi.StackReference("acme/api/test");
        export const url = api.requireOutput("url");
        export const parts = api.getOutput("parts");
        export const none = api.getOutput("none");`,
    };
    const outputs: Properties[] = [];
    await withProject(files, (folder) =>
      runPrograms(
        [readStackConfig(`${folder}/api`, "test"), readStackConfig(`${folder}/client`, "test")],
        async (one) => {
          const graph = await runProgram(one);
          outputs.push(graph.outputs);
          return graph;
        },
      ),
    );
    const shared = { url: "wss://api", parts: { list: [1, "two"] } };
    assert.deepEqual(outputs, [shared, { ...shared, none: undefined }]);
  });
});
