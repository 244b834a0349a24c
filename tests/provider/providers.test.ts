import assert from "node:assert/strict";
import { Client, credentials, type ServiceDefinition } from "@grpc/grpc-js";
import providerProtocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { describe, it } from "mocha";
import { writeProperties } from "../../local/protocol/property-values.ts";
import { EmulatedAccount } from "../../local/provider/emulated-account.ts";
import { startProvider } from "../../local/provider/provider.ts";
import { home, TestProvider } from "./test-provider.ts";

const logGroup = "cloudwatch/logGroup:LogGroup";

describe("providers of one account", () => {
  const base = new TestProvider();
  const accountOf = (configuration: object) =>
    new TestProvider({ other: base, configuration }).invoke("aws:index/getCallerIdentity:getCallerIdentity")
      .accountId;

  it("put resources into the region and account of each", async () => {
    const inputs = { name: "logs" };
    const other = new TestProvider({
      other: base,
      configuration: { region: "eu-west-1", allowedAccountIds: '["210987654321"]' },
    });
    const created = await Promise.all([base, other].map((each) => each.create(logGroup, "l", inputs)));
    assert.deepEqual(
      created.map(({ outputs }) => outputs.arn),
      [
        "arn:aws:logs:us-east-1:123456789012:log-group:logs",
        "arn:aws:logs:eu-west-1:210987654321:log-group:logs",
      ],
    );
    assert.equal(other.invoke("aws:index/getRegion:getRegion").region, "eu-west-1");
    assert.equal(base.invoke("aws:index/getRegion:getRegion").region, "us-east-1");
  });

  it("are in the account of the last role that they assume", () => {
    const roles = [1, 2].map((i) => ({ roleArn: `arn:aws:iam::${String(i).repeat(12)}:role/deploy` }));
    assert.equal(accountOf({ assumeRoles: JSON.stringify(roles) }), "222222222222");
    assert.equal(accountOf({ allowedAccountIds: '["1","2"]' }), home.accountId);
  });

  it("refuse a region of no form that AWS has, and are replaced with another one", () => {
    const check = new providerMessages.CheckRequest().setNews(writeProperties({ region: "us-esat-1" }));
    const [failure] = base.handlers.checkConfig(check).getFailuresList();
    assert.equal(failure?.getProperty(), "region");
    const diff = (region: string, news: object) =>
      base.handlers
        .diffConfig(
          new providerMessages.DiffRequest()
            .setOldInputs(writeProperties({ region }))
            .setNews(writeProperties(news)),
        )
        .getReplacesList();
    assert.deepEqual(diff("us-east-1", { region: "eu-west-1" }), ["region"]);
    assert.deepEqual(diff("us-east-1", { region: "us-east-1", profile: "x" }), []);
  });

  it("refuse the functions and the methods that they lack by name", async () => {
    assert.throws(() => base.invoke("aws:ec2/getVpc:getVpc"), {
      message: /^the function aws:ec2\/getVpc:getVpc is not emulated locally/,
    });
    const server = await startProvider(
      {
        account: new EmulatedAccount(home, { project: "project", stack: "test" }),
        serve: async () => {},
        folderOf: () => ".",
        onChange: () => {},
        onWarning: () => {},
      },
      0,
    );
    const client = new Client(server.address, credentials.createInsecure());
    try {
      const { parameterize } = providerProtocol.ResourceProviderService as unknown as ServiceDefinition;
      if (!parameterize) throw new Error("the protocol has no Parameterize");
      const error = await new Promise((resolve) => {
        const { path, requestSerialize, responseDeserialize } = parameterize;
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          new providerMessages.ParameterizeRequest(),
          (refusal) => resolve(refusal?.message),
        );
      });
      assert.equal(error, "12 UNIMPLEMENTED: Parameterize is not emulated by local mode's provider");
    } finally {
      client.close();
      server.close();
    }
  });
});
