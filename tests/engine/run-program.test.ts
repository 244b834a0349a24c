import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { RunError } from "@pulumi/pulumi";
import { after, before, describe, it } from "mocha";
import { replaceProperty } from "../../local/lambda/property-replacement.ts";
import type { Alter } from "../../local/program/resource-recorder.ts";
import { runProgram } from "../../local/program/run-program.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { runSource, withProject } from "./temporary-project.ts";

const imports = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  const group = (name, args) => new aws.cloudwatch.LogGroup(name, args);
`;

const run = (source: string, ...rest: [Parameters<typeof runSource>[1]?, Parameters<typeof runSource>[2]?]) =>
  runSource(imports + source, ...rest);

async function namesOf(source: string): Promise<string[]> {
  const { resources } = await run(source);
  return resources.map(({ name }) => name).sort();
}

describe("runProgram", () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  let others: NodeJS.UnhandledRejectionListener[];

  before(() => {
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  });
  after(() => {
    process.off("unhandledRejection", note);
    for (const listener of others) process.on("unhandledRejection", listener);
  });

  it("returns the resources with what AWS adds to them, and the outputs", async () => {
    const graph = await run(`
      const logs = group("app", { retentionInDays: 7 });
      export const arn = logs.arn;
      export const nested = { list: [logs.name, 1] };`);
    const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${graph.resources[0]?.id}`;
    const id = graph.resources[0]?.id ?? "";
    assert.match(id, /^app-[0-9a-f]{7}$/);
    assert.deepEqual(graph, {
      project: "sample",
      stack: "test",
      account: {
        accountId: "123456789012",
        region: "us-east-1",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
      },
      resources: [
        {
          urn: "urn:pulumi:test::sample::aws:cloudwatch/logGroup:LogGroup::app",
          type: "aws:cloudwatch/logGroup:LogGroup",
          name: "app",
          custom: true,
          read: false,
          id,
          inputs: { retentionInDays: 7 },
          outputs: { retentionInDays: 7, name: id, arn },
          parent: undefined,
          dependencies: [],
          retainOnDelete: false,
        },
      ],
      outputs: { arn, nested: { list: [id, 1] } },
      warnings: [],
    });
  });

  it("notes parents, dependencies, what is kept on delete and what is only read", async () => {
    const { resources } = await run(`
      class Pair extends pulumi.ComponentResource {
        constructor() {
          super("sample:index:Pair", "pair");
          const first = group("first");
          new aws.cloudwatch.LogGroup("second", { retentionInDays: 1 }, { parent: this, dependsOn: first, retainOnDelete: true });
        }
      }
      new Pair();
      aws.cloudwatch.LogGroup.get("theirs", "/their/logs");`);
    const facts = resources.map(({ name, custom, read, id, parent, dependencies, retainOnDelete }) => [
      name,
      { custom, read, id: name === "theirs" ? id : "", parent, dependencies, retainOnDelete },
    ]);
    const plain = {
      custom: true,
      read: false,
      id: "",
      parent: undefined,
      dependencies: [],
      retainOnDelete: false,
    };
    assert.deepEqual(Object.fromEntries(facts), {
      pair: { ...plain, custom: false },
      first: plain,
      second: {
        ...plain,
        parent: "urn:pulumi:test::sample::sample:index:Pair::pair",
        dependencies: ["urn:pulumi:test::sample::aws:cloudwatch/logGroup:LogGroup::first"],
        retainOnDelete: true,
      },
      theirs: { ...plain, read: true, id: "/their/logs" },
    });
  });

  it("takes region and partition from the configuration, or from its options", async () => {
    const source =
      'export const partition = aws.getPartitionOutput().partition; export const { arn } = group("a");';
    const china = await run(source, {}, { "aws:region": "cn-north-1" });
    assert.equal(china.outputs.partition, "aws-cn");
    assert.match(china.outputs.arn, /^arn:aws-cn:logs:cn-north-1:123456789012:log-group:a-/);
    const government = await run(
      source,
      { account: { accountId: "210987654321" } },
      { "aws:region": "us-gov-west-1" },
    );
    assert.match(government.outputs.arn, /^arn:aws-us-gov:logs:us-gov-west-1:210987654321:log-group:a-/);
    assert.equal(china.account.dnsSuffix, "amazonaws.com.cn");
    assert.equal(government.account.dnsSuffix, "amazonaws.com");
  });

  it("asks for a region when there is none", async () => {
    const region = process.env.AWS_REGION;
    delete process.env.AWS_REGION;
    const files = { "Pulumi.yaml": "name: sample", "index.ts": "" };
    const message = "no AWS region is configured: npx pulumi config set aws:region us-east-1";
    try {
      await withProject(files, (folder) =>
        assert.rejects(runProgram(readStackConfig(folder, "test")), { message }),
      );
    } finally {
      if (region !== undefined) process.env.AWS_REGION = region;
    }
  });

  it("refuses a region of no form that AWS has", async () => {
    for (const region of ["us-est-1", "us-east", "us-east-1a", "US-EAST-1"])
      await assert.rejects(runSource("", {}, { "aws:region": region }), {
        message: `the AWS region is "${region}", but there is none of this form: npx pulumi config set aws:region us-east-1`,
      });
    for (const region of ["us-gov-east-1", "ap-southeast-7", "mx-central-1", "eusc-de-east-1", "cn-north-1"])
      assert.equal((await runSource("", {}, { "aws:region": region })).account.region, region);
  });

  it("gives the program its configuration", async () => {
    const { outputs } = await run(
      'export const size = new pulumi.Config().requireNumber("size"); export const stack = pulumi.getStack();',
      {},
      { "sample:size": "3" },
    );
    assert.deepEqual(outputs, { size: 3, stack: "test" });
  });

  it("runs TypeScript of a CommonJS package as Pulumi does: compiled, with paths from its folder", async () => {
    const files = {
      "Pulumi.yaml": "name: sample\nruntime: nodejs\n",
      "package.json": '{ "main": "index.ts" }',
      "app/index.js": "exports.handler = async () => {};",
      "parts/index.ts": "export enum Days { Few = 3, Many = 7 }",
      "logs.ts": `
        import * as aws from "@pulumi/aws";
        import * as path from "path";
        import { Days } from "./parts";
        export class Logs {
          constructor(private readonly days: Days) {}
          create = () => new aws.cloudwatch.LogGroup("app", { name: path.basename(__filename), retentionInDays: this.days });
        }`,
      "index.ts": `
        import * as fs from "fs";
        import * as pulumi from "@pulumi/pulumi";
        import { Logs } from "./logs";
        import { Days } from "./parts";
        new Logs(Days.Many).create();
        export const folder = fs.readdirSync("app");
        export const isHere = process.cwd() === __dirname;`,
    };
    const workingDirectory = process.cwd();
    const { resources, outputs } = await withProject(files, (folder) => {
      const stackConfig = readStackConfig(folder, "test");
      return runProgram({ ...stackConfig, config: { "aws:region": "us-east-1" } });
    });
    assert.deepEqual(
      resources.map(({ name, inputs }) => [name, inputs]),
      [["app", { name: "logs.ts", retentionInDays: 7 }]],
    );
    assert.deepEqual(outputs, { folder: ["index.js"], isHere: true });
    assert.equal(process.cwd(), workingDirectory);
  });

  it("replaces a resource that is given for its id", async () => {
    const { resources } = await run(`
      const role = new aws.iam.Role("app", { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }) });
      new aws.iam.RolePolicyAttachment("app", { role, policyArn: aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole });`);
    const [role, attachment] = resources;
    assert.deepEqual(attachment?.inputs, {
      role: role?.id,
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    });
    assert.deepEqual(attachment?.dependencies, [role?.urn]);
  });

  it("takes outputs from a default export, a function or an object", async () => {
    const main =
      'export default async () => { const { name } = group("a", { name: "x" }); return { name }; }';
    const graph = await run(main);
    assert.deepEqual(graph.outputs, { name: "x" });
    assert.equal(graph.resources.length, 1);
    assert.deepEqual((await run("export default { a: 1 }; export const b = pulumi.output(2);")).outputs, {
      a: 1,
      b: 2,
    });
  });

  it("keeps resources that are registered late", async () => {
    assert.deepEqual(
      await namesOf(`
        import { setImmediate } from "node:timers/promises";
        const slow = group("slow").arn.apply(async () => { await setImmediate(); return 7; });
        group("waiting", { retentionInDays: slow });`),
      ["slow", "waiting"],
    );
    assert.deepEqual(
      await namesOf(`
        group("a").arn.apply(() => {
          group("b").arn.apply(async () => {
            await aws.getPartition();
            group("c").arn.apply(() => group("d"));
          });
        });`),
      ["a", "b", "c", "d"],
    );
    assert.deepEqual(
      await namesOf('export default async () => { group("a").arn.apply(() => group("b")); }'),
      ["a", "b"],
    );
  });

  it("throws what the program throws", async () => {
    await assert.rejects(run('throw new pulumi.RunError("not like this")'), (error) => {
      return RunError.isInstance(error) && error.message === "not like this";
    });
    await assert.rejects(run('export default async () => { throw new Error("in main") }'), {
      message: "in main",
    });
  });

  it("throws what an apply throws, whether its value is used or not", async () => {
    const boom = '.arn.apply(() => { throw new Error("boom") });';
    const error = { name: "Error", message: "boom" };
    await assert.rejects(run(`group("a")${boom}`), error);
    await assert.rejects(run(`export const output = group("a")${boom}`), error);
    await assert.rejects(run(`const input = group("a")${boom}; group("b", { name: input });`), {
      name: "Error",
      message: 'error serializing property "name": boom',
    });
    await assert.rejects(
      run(`const value = group("a")${boom}; await new Promise((resolve) => value.apply(resolve));`),
      error,
    );
  });

  it("throws the first of several errors", async () => {
    const throwing = (name: string) => `group("${name}").arn.apply(() => { throw new Error("${name}") });`;
    await assert.rejects(run(throwing("one") + throwing("two")), { message: "one" });
  });

  it("says when an output never gets a value", async () => {
    const immediately = (callback: () => void) => original(callback, 0);
    const original = globalThis.setTimeout;
    const restore = replaceProperty(globalThis, "setTimeout", immediately);
    try {
      const message = "an output of the program never got a value";
      await assert.rejects(run("export const never = pulumi.output(new Promise(() => {}));"), { message });
    } finally {
      restore();
    }
  });

  it("names a resource type that is not emulated, and those that are", async () => {
    const message =
      /^aws:s3\/bucket:Bucket "files" is not emulated locally: leave it out of the stack that you run locally, like if \(pulumi\.getStack\(\) !== "test"\) …, or add it to local\/resources\/\. Emulated are (aws:[a-z0-9]+\/[a-zA-Z]+:[a-zA-Z]+(, |$))+$/;
    await assert.rejects(run('new aws.s3.Bucket("files");'), { message });
    await assert.rejects(run('export const { arn } = new aws.s3.Bucket("files");'), { message });
  });

  it("names a function that is not emulated, and those that are", async () => {
    const message =
      "the function aws:index/getRegions:getRegions is not emulated locally: leave it out of the stack that you run locally, or add its answer to local/resources/aws-functions.ts. Emulated are " +
      "aws:index/getPartition:getPartition, aws:index/getRegion:getRegion, aws:index/getCallerIdentity:getCallerIdentity";
    await assert.rejects(run("await aws.getRegions();"), { message });
    await assert.rejects(run("export const regions = aws.getRegionsOutput();"), { message });
  });

  it("answers what a program asks of its account", async () => {
    const { outputs } = await run(`
      export const partition = await aws.getPartition();
      export const region = (await aws.getRegion()).region;
      export const caller = (await aws.getCallerIdentity()).accountId;`);
    assert.deepEqual(outputs, {
      partition: {
        id: "aws",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
      },
      region: "us-east-1",
      caller: "123456789012",
    });
  });

  it("is undisturbed by the failure of the run before", async () => {
    await assert.rejects(
      run('new aws.s3.Bucket("files"); group("a").arn.apply(() => { throw new Error("boom") });'),
    );
    assert.deepEqual(await namesOf('group("b");'), ["b"]);
  });

  it("throws what the program throws even if a resource fails as well", async () => {
    await assert.rejects(run('new aws.s3.Bucket("files"); throw new Error("first");'), { message: "first" });
  });

  it("leaves no unhandled rejection, and the listeners that it found", async () => {
    await setImmediate();
    assert.deepEqual(unhandled, []);
    assert.deepEqual(process.listeners("unhandledRejection"), [note]);
  });
});

describe("runProgram with alter", () => {
  const program = `
    const logs = group("app", { retentionInDays: 7 });
    group("copy", { retentionInDays: logs.retentionInDays });
    export const arn = logs.arn;`;

  it("declares nothing of a resource that it drops, but answers the program", async () => {
    const drop: Alter = (requested) => (requested.name === "app" ? undefined : requested);
    const { resources, outputs } = await run(program, { alter: drop });
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["copy"],
    );
    assert.match(outputs.arn, /^arn:aws:logs:us-east-1:123456789012:log-group:app-[0-9a-f]{7}$/);
  });

  it("drops components too", async () => {
    const component = 'new pulumi.ComponentResource("sample:index:Nothing", "nothing");';
    assert.equal((await run(component)).resources.length, 1);
    assert.equal((await run(component, { alter: () => undefined })).resources.length, 0);
  });

  it("lets the program see a resource as it is changed", async () => {
    const alter: Alter = (requested) =>
      requested.name === "app"
        ? { ...requested, inputs: { retentionInDays: 1, name: "other" }, dependencies: ["urn"] }
        : requested;
    const { resources, outputs } = await run(program, { alter });
    assert.deepEqual(
      resources.map(({ name, inputs, dependencies }) => [name, inputs, dependencies]),
      [
        ["app", { retentionInDays: 1, name: "other" }, ["urn"]],
        ["copy", { retentionInDays: 1 }, ["urn:pulumi:test::sample::aws:cloudwatch/logGroup:LogGroup::app"]],
      ],
    );
    assert.equal(outputs.arn, "arn:aws:logs:us-east-1:123456789012:log-group:other");
  });

  it("is shown each resource once, as the program asks for it", async () => {
    const seen: unknown[] = [];
    await run(program, {
      alter: (requested) => {
        seen.push(requested);
        return requested;
      },
    });
    const type = "aws:cloudwatch/logGroup:LogGroup";
    assert.deepEqual(seen, [
      { type, name: "app", inputs: { retentionInDays: 7 }, dependencies: [] },
      {
        type,
        name: "copy",
        inputs: { retentionInDays: 7 },
        dependencies: [`urn:pulumi:test::sample::${type}::app`],
      },
    ]);
  });
});
