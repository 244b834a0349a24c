import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { findPulumiCli, pulumiCliAbsence } from "../engine/pulumi-cli.ts";
import type { PulumiStack, Update } from "../engine/pulumi-stack.ts";
import { replacing } from "../program/checkout.ts";
import { domain, topicArn } from "../program/program-graph.ts";
import { skipWithout } from "../skip-without.ts";
import { labelOf, noFault } from "./faults.ts";
import { UpdateLab } from "./update-lab.ts";
import { changesOf, errorsOf, staleRoutes, surplusOf } from "./update-matrix.ts";

const removal = { "index.ts": replacing('  new Route("whoami", { ...common, replies: true }),\n', "") };

describe("updates by a Pulumi CLI", function () {
  this.timeout(180_000);
  let lab: UpdateLab;
  let stack: PulumiStack;
  before(async function () {
    const cli = skipWithout(this, findPulumiCli(), pulumiCliAbsence);
    lab = await UpdateLab.start(cli);
    stack = await lab.stack({ config: domain });
    const { exitCode, messages } = await stack.up();
    assert.deepEqual([exitCode, messages], [0, []]);
  });
  after(() => lab?.close());

  const texts = ({ messages }: Update) => messages.map(({ text }) => text.replace(/^warning: /, ""));
  const stages = () => Object.keys(lab.served.stages).map((stage) => stage.split("/")[1]);

  it("keep the former routes and the domain served, and say what is served one update longer", async () => {
    stack.setConfig({ stageName: "live" });
    lab.edit(removal);
    const { update, lost } = await lab.watch(() => stack.up());
    assert.deepEqual([update.exitCode, lost], [0, []]);
    assert.deepEqual(texts(update), [
      "the stage serves what leaves the program until the next update: integration whoami, model whoami, response whoami, route whoami. Then run npx pulumi up once more",
    ]);
    assert.deepEqual(stages(), ["live"]);
    const [stage] = Object.keys(lab.served.stages);
    assert.deepEqual(staleRoutes(lab), [`${stage} whoami is stale`]);
  });

  it("end with what the program declares after one more update, and then with nothing to do", async () => {
    assert.deepEqual(changesOf(await stack.up()).sort(), [
      "create-replacement Deployment websocket",
      "delete-replaced Deployment websocket",
      "replace Deployment websocket",
      "update Stage websocket",
    ]);
    assert.deepEqual(staleRoutes(lab), []);
    assert.equal((await stack.up("--expect-no-changes")).exitCode, 0);
  });

  it("finish after a call of AWS has failed, and serve the former snapshot until then", async () => {
    stack.setConfig({ stageName: undefined });
    lab.edit({});
    lab.fault = (call) => {
      if (labelOf(call) === "create Stage websocket") throw new Error("ServiceUnavailable");
      return undefined;
    };
    const failed = await lab.watch(() => stack.up());
    lab.fault = noFault;
    assert.deepEqual([failed.update.exitCode, failed.lost, stages()], [1, [], ["live"]]);
    const finished = await lab.watch(() => stack.up());
    assert.deepEqual([finished.update.exitCode, finished.lost, stages()], [0, [], ["prod"]]);
    assert.deepEqual(staleRoutes(lab), []);
    assert.deepEqual(await surplusOf(lab, stack), []);
  });

  it("replace the API on request, and keep the domain", async () => {
    const [stage] = Object.keys(lab.served.stages);
    const { update, lost } = await lab.watch(() => stack.up("--replace", "**Api::websocket"));
    assert.equal(update.exitCode, 0, errorsOf(update).join());
    // A domain takes one mapping, and a mapping keeps its API.
    const kinds = lost.map((loss) => loss.replace(/aws:apigatewayv2.*:/, ""));
    assert.deepEqual(kinds, ["domain chat.example.com after delete ApiMapping domain"]);
    assert.equal(Object.keys(lab.served.stages).includes(stage ?? ""), false);
    assert.deepEqual(await surplusOf(lab, stack), []);
  });

  it("keep a secret setting secret in the state", async () => {
    await stack.setSecret("alarmTopicArn", topicArn);
    assert.equal((await stack.up()).exitCode, 0);
    const { stdout } = await stack.run("stack", "export");
    assert.equal(stdout.includes(topicArn), false);
    const alarms = lab.mode.account.graph().resources.filter(({ type }) => type.endsWith(":MetricAlarm"));
    assert.ok(alarms.every(({ inputs }) => inputs.alarmActions.includes(topicArn)));
  });

  it("delete nothing while another stack has attached the push policy", async () => {
    const { account } = lab.mode;
    const policy = account.graph().resources.find(({ type }) => type === "aws:iam/policy:Policy");
    assert.ok(policy);
    const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    const inputs = { role: "of-another-stack", policyArn: policy.id };
    const attachment = {
      ...policy,
      type,
      name: "push",
      urn: "urn:another",
      id: "push",
      inputs,
      outputs: inputs,
    };
    account.put({ resource: attachment, account: account.home, seed: "" });
    const all = lab.resources;
    const refused = await stack.destroy();
    assert.match(errorsOf(refused).join(), /DeleteConflict: Cannot delete a policy attached to entities\./);
    assert.deepEqual(lab.resources, all);
    const held = account.find(attachment, account.home);
    assert.ok(held);
    account.remove(held);
    assert.equal((await stack.destroy()).exitCode, 0);
    assert.deepEqual(await surplusOf(lab, stack), []);
  });
});
