import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { RecordedResource } from "../../../local/graph/resource-graph.ts";
import { OperatorError } from "../../../local/operator-error.ts";
import { moduleFiles, type ProgramRun, ProgramUnderTest } from "./program-folder.ts";

const source = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// The older way.
pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
  type.startsWith("aws:cloudwatch") ? { props: { ...props, tags: { older: "stack", ...props.tags } }, opts } : undefined,
);

const order: string[] = [];
const tagging = (by: string): pulumi.ResourceTransform => async ({ type, name, props, opts }) => {
  if (name === "ordered") order.push(by);
  if (!type.startsWith("aws:cloudwatch")) return undefined;
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { props: { ...props, tags: { ...props.tags, [by]: "yes" } }, opts };
};
pulumi.runtime.registerResourceTransform(tagging("stack"));
pulumi.runtime.registerResourceTransform(({ name, props, opts }) => {
  if (name === "guarded") return { props, opts: pulumi.mergeOptions(opts, { protect: true, ignoreChanges: ["tags"], retainOnDelete: true }) };
  if (name === "elsewhere") return { props, opts: pulumi.mergeOptions(opts, { provider: there, dependsOn: [before] }) };
  if (name === "renamed") return { props, opts: pulumi.mergeOptions(opts, { aliases: [{ name: "former" }] }) };
  if (name === "secretive") return { props: { ...props, tags: { token: pulumi.secret("hunter2") } }, opts };
  return undefined;
});
pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token === "aws:index/getRegion:getRegion" && args.region === "eu-north-1"
    ? { args: { ...args, region: "eu-west-3" }, opts }
    : undefined,
);
pulumi.runtime.registerInvokeTransform(({ args, opts }) =>
  args.region === "eu-south-1" ? { args: {}, opts: { ...opts, provider: there } } : undefined,
);

const there: aws.Provider = new aws.Provider("there", { region: "us-west-2" });
const before = new aws.cloudwatch.LogGroup("before", {});

class Shelf extends pulumi.ComponentResource {
  constructor(name: string, part: string, options: pulumi.ComponentResourceOptions) {
    super("test:index:Shelf", name, {}, options);
    new aws.cloudwatch.LogGroup(part, {}, { parent: this, transforms: [tagging("own")] });
  }
}
new Shelf("shelf", "ordered", { transforms: [tagging("component")] });
new Shelf("older", "week", {
  transformations: [
    ({ name, props, opts }) => (name === "week" ? { props: { ...props, retentionInDays: 7 }, opts } : undefined),
  ],
});
new aws.cloudwatch.LogGroup("guarded", {});
new aws.cloudwatch.LogGroup("elsewhere", {});
new aws.cloudwatch.LogGroup(new pulumi.Config().getBoolean("isRenamed") ? "renamed" : "former", {});
new aws.cloudwatch.LogGroup("secretive", {});

export const regions = [
  aws.getRegionOutput({ region: "eu-north-1" }).region,
  aws.getRegionOutput({ region: "eu-south-1" }).region,
  aws.getRegionOutput().region,
];
export const applied = before.arn.apply(async () => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return order;
});
`;

describe("the transforms of a program", () => {
  const program = new ProgramUnderTest(moduleFiles(source), "@pulumi/aws");
  let first: ProgramRun | undefined;
  before(async () => {
    first = await program.run();
  });
  const run = () => first as ProgramRun;
  const named = (name: string) => run().graph.resources.find((one) => one.name === name) as RecordedResource;

  it("change properties: a resource's own first, then those of its parents, then the stack's", () => {
    assert.deepEqual(named("ordered").inputs.tags, {
      older: "stack",
      own: "yes",
      component: "yes",
      stack: "yes",
    });
    assert.deepEqual(run().graph.outputs.applied, ["own", "component", "stack"]);
    assert.deepEqual(named("before").inputs.tags, { older: "stack", stack: "yes" });
  });

  it("are taken in their older form too, by what is in a component as well", () => {
    assert.equal(named("week").inputs.retentionInDays, 7);
  });

  it("change options", () => {
    const { protect, retainOnDelete } = named("guarded");
    assert.deepEqual({ protect, retainOnDelete }, { protect: true, retainOnDelete: true });
    const { account, dependencies } = named("elsewhere");
    assert.equal(account?.region, "us-west-2");
    assert.deepEqual(dependencies, [named("before").urn]);
  });

  it("give aliases, which keep what the resource was", async () => {
    const again = await program.run({ config: { "sample:isRenamed": "true" } });
    const renamed = again.graph.resources.find(({ name }) => name === "renamed");
    assert.equal(renamed?.id, named("former").id);
  });

  it("make values secret", () => {
    assert.deepEqual(named("secretive").secretPaths, ["tags.token"]);
  });

  it("change what the program asks of AWS, and of which provider", () => {
    assert.deepEqual(run().graph.outputs.regions, ["eu-west-3", "us-west-2", "eu-west-1"]);
  });
});

describe("a transform that throws", () => {
  const program = new ProgramUnderTest(
    moduleFiles(`
      import * as pulumi from "@pulumi/pulumi";
      pulumi.runtime.registerResourceTransform(() => { throw new Error("no tags"); });
      new pulumi.ComponentResource("test:index:Part", "part");`),
  );

  it("fails the run with its message", async () => {
    await assert.rejects(program.run(), new OperatorError("transform failed: Error: no tags"));
  });
});
