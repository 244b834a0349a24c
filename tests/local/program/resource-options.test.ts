import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { graphChanges } from "../../../local/graph/graph-changes.ts";
import type { RecordedResource, ResourceGraph } from "../../../local/graph/resource-graph.ts";
import { OperatorError } from "../../../local/operator-error.ts";
import { isReplacing } from "../../../local/resources/replacement.ts";
import { moduleFiles, ProgramUnderTest } from "./program-folder.ts";

const source = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const step = new pulumi.Config().requireNumber("step");
const isFirst = step === 1;

class Shelf extends pulumi.ComponentResource {
  readonly logs: aws.cloudwatch.LogGroup;
  constructor(name: string, options: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Shelf", name, {}, options);
    this.logs = new aws.cloudwatch.LogGroup(name + "-logs", { retentionInDays: 1 }, { parent: this });
    new aws.cloudwatch.LogGroup(name + "-logs-fixed", { retentionInDays: 1 }, { parent: this.logs });
    this.registerOutputs({ size: pulumi.output(3), logs: this.logs.name });
  }
}

const elsewhere = new aws.Provider("elsewhere", {
  region: "us-west-2",
  allowedAccountIds: ["111111111111"],
  defaultTags: { tags: { team: "a", size: "1" } },
});
const assumed = new aws.Provider("assumed", {
  region: "eu-west-1",
  assumeRoles: [{ roleArn: "arn:aws:iam::222222222222:role/a" }, { roleArn: "arn:aws:iam::333333333333:role/b" }],
});
const same = new aws.Provider("same", { region: "eu-west-1" });

const tagged = new aws.cloudwatch.LogGroup("tagged", { tags: { size: "2" } }, { provider: elsewhere });
const role = new aws.iam.Role("assumed-role", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
}, { provider: assumed });
new aws.iam.RolePolicy("untagged", {
  role,
  policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" }] },
}, { provider: elsewhere });
new aws.cloudwatch.LogGroup("same-account", {}, { provider: same });
const regional = new aws.cloudwatch.LogGroup("regional", { region: "ap-southeast-2" });
new Shelf("there", { providers: { aws: elsewhere } });
new Shelf("there-too", { provider: elsewhere, retainOnDelete: true });

export const here = aws.getRegionOutput().region;
export const there = aws.getRegionOutput({}, { provider: elsewhere }).region;
export const asked = aws.getRegionOutput({ region: "ca-central-1" }).region;
export const accounts = [
  aws.getCallerIdentityOutput().accountId,
  aws.getCallerIdentityOutput({}, { provider: elsewhere }).accountId,
  aws.getCallerIdentityOutput({}, { provider: assumed }).accountId,
];
export const tagsAll = tagged.tagsAll;
export const arns = [tagged.arn, role.arn, regional.arn];

const existing = aws.iam.Role.get("existing", "existing-role");
export const existingArn = existing.arn;
new aws.cloudwatch.LogGroup("imported", { name: "given" }, { import: "given" });

const first = new Shelf(isFirst ? "old-shelf" : "new-shelf", isFirst ? {} : { aliases: [{ name: "old-shelf" }] });
const renamed = isFirst
  ? new aws.cloudwatch.LogGroup("old", { retentionInDays: 1 })
  : new aws.cloudwatch.LogGroup("new", { retentionInDays: 1 }, { aliases: [{ name: "old" }] });
export const names = [renamed.name, first.logs.name];
if (step === 3) new aws.cloudwatch.LogGroup("old", { retentionInDays: 1 });
new aws.cloudwatch.LogGroup(
  "moved",
  { retentionInDays: 1 },
  isFirst ? {} : { parent: first, aliases: [{ parent: pulumi.rootStackResource }] },
);

new aws.cloudwatch.LogGroup("kept-tags", {
  retentionInDays: isFirst ? 1 : 3,
  tags: isFirst ? { owner: "Ann", size: "1" } : { owner: "Bob", size: "2" },
}, { ignoreChanges: ["tags.owner"] });
new aws.cognito.UserPool("kept-list", {
  aliasAttributes: isFirst ? ["email"] : ["preferred_username"],
}, { ignoreChanges: ["aliasAttributes[*]"] });
new aws.cloudwatch.LogGroup("remade", {
  retentionInDays: 1,
  tags: isFirst ? { owner: "Ann", size: "1" } : { owner: "Bob", size: "1" },
}, { replaceOnChanges: ["tags.owner"] });
new aws.cloudwatch.LogGroup("updated", {
  retentionInDays: 1,
  tags: isFirst ? { owner: "Ann", size: "1" } : { owner: "Ann", size: "2" },
}, { replaceOnChanges: ["tags.owner"] });
const last = new aws.cloudwatch.LogGroup("last", {}, { dependsOn: [regional, first], deletedWith: regional, retainOnDelete: true });

const secretive = new aws.cloudwatch.LogGroup("secretive", {
  tags: { token: pulumi.secret("hunter2") },
}, { additionalSecretOutputs: ["arn"] });
export const isSecret = pulumi.all([secretive.tags, secretive.arn, secretive.name].map((one) => pulumi.isSecret(one)));
export const secretTags = secretive.tags;

// A reference to a resource, as a component of another process would hand it over.
export const referred = last.urn.apply((urn) =>
  (new aws.cloudwatch.LogGroup("referred", {}, { urn } as object)).arn);

if (step < 4) new aws.cloudwatch.LogGroup("guarded", { name: "a" }, { protect: true });
if (step === 5) new aws.cloudwatch.LogGroup("guarded", { name: "b" }, { protect: true });
if (step === 6) new aws.cloudwatch.LogGroup("guarded", { name: "b" });
if (step === 7) new aws.cloudwatch.LogGroup("last", {});
`;

describe("the options of resources", () => {
  const program = new ProgramUnderTest(moduleFiles(source), "@pulumi/aws");
  const run = (step: number) => program.run({ config: { "sample:step": String(step) } });
  const graphs: ResourceGraph[] = [];
  before(async () => {
    for (const step of [1, 2, 3]) graphs.push((await run(step)).graph);
  });
  const graph = (step = 1) => graphs[step - 1] as ResourceGraph;
  const named = (name: string, step = 1) =>
    graph(step).resources.find((one) => one.name === name) as RecordedResource;

  describe("components", () => {
    it("are in the URNs of what is in them, and have the outputs that they register", () => {
      assert.deepEqual(
        graph()
          .resources.filter(({ urn }) => /old-shelf/.test(urn))
          .map(({ urn, outputs }) => [urn, outputs]),
        [
          [
            "urn:pulumi:dev::sample::test:index:Shelf::old-shelf",
            { size: 3, logs: named("old-shelf-logs").outputs.name },
          ],
          [
            "urn:pulumi:dev::sample::test:index:Shelf$aws:cloudwatch/logGroup:LogGroup::old-shelf-logs",
            named("old-shelf-logs").outputs,
          ],
          [
            "urn:pulumi:dev::sample::test:index:Shelf$aws:cloudwatch/logGroup:LogGroup$aws:cloudwatch/logGroup:LogGroup::old-shelf-logs-fixed",
            named("old-shelf-logs-fixed").outputs,
          ],
        ],
      );
      assert.equal(named("old-shelf").parent, undefined);
      assert.equal(named("old-shelf-logs").parent, named("old-shelf").urn);
    });

    it("give their options to what is in them", () => {
      assert.equal(named("there-logs").retainOnDelete, false);
      assert.equal(named("there-too-logs").retainOnDelete, true);
    });
  });

  describe("providers", () => {
    it("have a region and an account, and so do their resources, those in components included", () => {
      const placed = graph().resources.flatMap(({ name, account }) =>
        account && !/^there/.test(name) ? [[name, account.region, account.accountId]] : [],
      );
      assert.deepEqual(placed.sort(), [
        ["assumed-role", "eu-west-1", "333333333333"],
        ["regional", "ap-southeast-2", "123456789012"],
        ["tagged", "us-west-2", "111111111111"],
        ["untagged", "us-west-2", "111111111111"],
      ]);
      for (const name of ["there-logs", "there-too-logs"])
        assert.equal(named(name).account?.region, "us-west-2", name);
      assert.deepEqual(graph().outputs.arns, [
        `arn:aws:logs:us-west-2:111111111111:log-group:${named("tagged").outputs.name}`,
        `arn:aws:iam::333333333333:role/${named("assumed-role").outputs.name}`,
        `arn:aws:logs:ap-southeast-2:123456789012:log-group:${named("regional").outputs.name}`,
      ]);
    });

    it("answer what the program asks of AWS", () => {
      const { here, there, asked, accounts } = graph().outputs;
      assert.deepEqual([here, there, asked], ["eu-west-1", "us-west-2", "ca-central-1"]);
      assert.deepEqual(accounts, ["123456789012", "111111111111", "333333333333"]);
    });

    it("give tags to what has tags", () => {
      assert.deepEqual(named("tagged").inputs.tags, { team: "a", size: "2" });
      assert.deepEqual(graph().outputs.tagsAll, { team: "a", size: "2" });
      assert.deepEqual(named("there-logs").inputs.tags, { team: "a", size: "1" });
      assert.deepEqual(named("same-account").outputs.tagsAll, {});
      assert.equal(named("untagged").inputs.tags, undefined);
    });
  });

  describe("resources that exist already", () => {
    it("are read by their ids", () => {
      const { read, id, custom } = named("existing");
      assert.deepEqual({ read, id, custom }, { read: true, id: "existing-role", custom: true });
      assert.equal(graph().outputs.existingArn, "arn:aws:iam::123456789012:role/existing-role");
    });

    it("are imported under their ids", () => {
      const { read, id } = named("imported");
      assert.deepEqual({ read, id }, { read: false, id: "given" });
    });

    it("are referred to by their URNs", () => {
      assert.equal(graph().outputs.referred, named("last").outputs.arn);
    });
  });

  describe("aliases", () => {
    it("keep the ids and names of resources, components and what is in them", () => {
      assert.deepEqual(graph(2).outputs.names, graph(1).outputs.names);
      assert.equal(named("new", 2).id, named("old").id);
      assert.equal(named("moved", 2).id, named("moved").id);
      assert.equal(named("new-shelf-logs", 2).id, named("old-shelf-logs").id);
    });

    it("make no deletions and creations", () => {
      assert.deepEqual(
        graphChanges(graph(1), graph(2), isReplacing).resources.map(
          ({ operation, resource, properties }) => `${operation} ${resource.name}: ${properties.join(" ")}`,
        ),
        [
          "update kept-tags: retentionInDays tags.size",
          "replace remade: tags.owner",
          "update updated: tags.size",
        ],
      );
    });

    it("free the old name for another resource", () => {
      assert.notEqual(named("old", 3).id, named("new", 3).id);
      assert.equal(named("new", 3).id, named("old", 1).id);
      const changes = graphChanges(graph(2), graph(3), isReplacing).resources;
      assert.deepEqual(
        changes.map(({ operation, resource }) => `${operation} ${resource.name}`),
        ["create old"],
      );
    });
  });

  it("keep what is to be ignored", () => {
    assert.deepEqual(named("kept-tags", 2).inputs, { retentionInDays: 3, tags: { owner: "Ann", size: "2" } });
    assert.deepEqual(named("kept-list", 2).inputs.aliasAttributes, ["email"]);
  });

  it("order resources, those in components included", () => {
    const { dependencies, retainOnDelete } = named("last");
    assert.deepEqual([...dependencies].sort(), [named("regional").urn, named("old-shelf-logs").urn].sort());
    assert.equal(retainOnDelete, true);
  });

  it("keep secrets secret", () => {
    assert.deepEqual(graph().outputs.isSecret, [true, true, false]);
    assert.deepEqual(graph().secretOutputs, ["secretTags"]);
    assert.deepEqual(named("secretive").secretPaths, ["tags.token", "arn"]);
  });

  it("protect a resource from deletion and from replacement, until it is protected no more", async () => {
    const message = (what: string) =>
      `aws:cloudwatch/logGroup:LogGroup "guarded" is protected, and would be ${what}: take protect from its options first, and save`;
    await assert.rejects(run(4), new OperatorError(message("deleted")));
    await assert.rejects(run(5), new OperatorError(message("replaced")));
    await run(6);
  });

  it("refuse two resources with one URN", async () => {
    await assert.rejects(
      run(7),
      new OperatorError(
        'aws:cloudwatch/logGroup:LogGroup "last" is declared twice: give each its own name (duplicate resource URN urn:pulumi:dev::sample::aws:cloudwatch/logGroup:LogGroup::last)',
      ),
    );
  });
});
