import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { runPrograms } from "../../local/program/run-programs.ts";
import type { StackConfig } from "../../local/program/stack-config.ts";
import { graphOf, resource } from "../resource-graph.ts";

function stackConfig(
  project: string,
  config: StackConfig["config"] = { "aws:region": "us-east-1" },
): StackConfig {
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
    return graphFor(one);
  });
  return { graph, given };
}

function graphFor({ project, stack, config }: StackConfig): ResourceGraph {
  const { account, ...graph } = graphOf(resource("iam/role:Role", project));
  const region = config["aws:region"] ?? account.region;
  return {
    ...graph,
    account: { ...account, region },
    project,
    stack,
    outputs: { name: project },
    warnings: [`${project} warns`],
  };
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

  it("have the region of the first, unless they are configured with another", async () => {
    const { graph, given } = await run(
      stackConfig("api", { "aws:region": "us-east-1" }),
      stackConfig("notifier", { "notifier:size": "1" }),
      stackConfig("audit", { "aws:region": "eu-west-1" }),
    );
    assert.deepEqual(
      given.map(({ config }) => config),
      [
        { "aws:region": "us-east-1" },
        { "aws:region": "us-east-1", "notifier:size": "1" },
        { "aws:region": "eu-west-1" },
      ],
    );
    assert.deepEqual(
      graph.resources.map(({ account }) => account?.region),
      [undefined, undefined, "eu-west-1"],
    );
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

  it("read each other's outputs in any order", async () => {
    const read: unknown[] = [];
    const programs = [stackConfig("client"), stackConfig("api")] as const;
    await runPrograms(programs, async (one, readStack) => {
      if (one.project === "client") read.push((await readStack("api/test")).outputs);
      return graphFor(one);
    });
    assert.deepEqual(read, [{ name: "api" }]);
  });

  it("stop at a stack that is not served, and name those that are", async () => {
    const programs = [stackConfig("client"), stackConfig("api")] as const;
    const message =
      "stack reference to users/test: local mode does not serve that stack. Served are client/test, api/test. Start its program beside this one with --with <folder>";
    await assert.rejects(
      runPrograms(programs, async (one, readStack) => {
        if (one.project === "client") await readStack("users/test");
        return graphFor(one);
      }),
      new OperatorError(message),
    );
  });

  it("stop where they wait for each other, and name the way round", async () => {
    const programs = [stackConfig("a"), stackConfig("b"), stackConfig("c")] as const;
    const next: Record<string, string> = { a: "b/test", b: "c/test", c: "a/test" };
    const aborted: string[] = [];
    const message = "programs wait for each other's outputs: c/test → a/test → b/test → c/test";
    await assert.rejects(
      runPrograms(programs, async (one, readStack, signal) => {
        const givenUp = Promise.withResolvers<never>();
        signal.addEventListener("abort", () => {
          aborted.push(one.project);
          givenUp.reject(new Error("given up"));
        });
        await Promise.race([readStack(next[one.project] ?? ""), givenUp.promise]);
        return graphFor(one);
      }),
      new OperatorError(message),
    );
    assert.deepEqual(aborted, ["a", "b", "c"]);
  });
});
