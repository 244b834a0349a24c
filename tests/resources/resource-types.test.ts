import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import type { AwsAccount, Properties } from "../../local/graph/resource-graph.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { createResource, defaultsOf, resourceTypes } from "../../local/resources/resource-types.ts";
import { runSource } from "../engine/temporary-project.ts";

const folder = fileURLToPath(new URL("../../local/resources/", import.meta.url));

const account: AwsAccount = {
  accountId: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
};

function create(type: string, inputs: Properties, id?: string) {
  const urn = `urn:pulumi:test::sample::aws:${type}::one`;
  return createResource({ type: `aws:${type}`, name: "one", urn, inputs, id }, account);
}

const short = (type: string) => type.replace(/^aws:/, "");

describe("the resource types", () => {
  it("stand each in a file that its token names, and in the list", () => {
    const described = globSync("*/*.ts", { cwd: folder })
      .filter((path) => /^export const \w+: ResourceType = /m.test(readFileSync(join(folder, path), "utf8")))
      .sort();
    const expected = resourceTypes.map(({ type }) => {
      const [path = ""] = short(type).split(":");
      return `${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
    });
    assert.deepEqual(described, expected.sort());
  });

  for (const { type } of resourceTypes)
    it(`create ${short(type)} without any input, with the same id in every run`, () => {
      const first = create(short(type), {});
      assert.deepEqual(create(short(type), {}), first);
    });

  for (const { type } of resourceTypes)
    it(`read ${short(type)} by its id`, () => {
      assert.equal(create(short(type), {}, "theirs").id, "theirs");
    });

  it("keep the ARN by which a resource is read", () => {
    for (const [type, arn] of [
      ["acm/certificate:Certificate", "arn:aws:acm:eu-west-1:123456789012:certificate/one"],
      ["iam/policy:Policy", "arn:aws:iam::123456789012:policy/one"],
    ] as const)
      assert.equal(create(type, {}, arn).outputs.arn, arn);
  });

  it("put the path of a role and of a policy into its ARN", () => {
    const inputs = { name: "one", path: "/service-role/" };
    assert.deepEqual(
      ["iam/role:Role", "iam/policy:Policy"].map((type) => create(type, inputs).outputs.arn),
      [
        "arn:aws:iam::123456789012:role/service-role/one",
        "arn:aws:iam::123456789012:policy/service-role/one",
      ],
    );
  });

  it("give a certificate a record for each of its names, and a wildcard the record of its host", () => {
    const { outputs } = create("acm/certificate:Certificate", {
      domainName: "example.com",
      subjectAlternativeNames: ["*.example.com", "example.org"],
    });
    const options: readonly Properties[] = outputs.domainValidationOptions;
    assert.deepEqual(
      options.map(({ domainName }) => domainName),
      ["example.com", "*.example.com", "example.org"],
    );
    assert.deepEqual(outputs.subjectAlternativeNames, ["example.com", "*.example.com", "example.org"]);
    const [own, wildcard, other] = options.map(({ resourceRecordName }) => resourceRecordName);
    assert.equal(own, wildcard);
    assert.match(own, /^_l[a-z0-9]{31}\.example\.com\.$/);
    assert.match(other, /^_l[a-z0-9]{31}\.example\.org\.$/);
    assert.notEqual(own.split(".")[0], other.split(".")[0]);
  });

  it("give a record of one routing policy an id of its own", () => {
    const inputs = { zoneId: "Z1", name: "chat.example.com", type: "A" };
    assert.deepEqual(
      [inputs, { ...inputs, setIdentifier: "eu" }].map((one) => create("route53/record:Record", one).id),
      ["Z1_chat.example.com_A", "Z1_chat.example.com_A_eu"],
    );
  });

  it("hash a function's files, whatever their order, and keep a hash that the program gives", () => {
    const outputsOf = (files: object, more: object = {}) =>
      create("lambda/function:Function", { name: "one", code: { files }, ...more }).outputs;
    const one = outputsOf({ "a.js": "1", "b.js": "é" });
    assert.match(one.sourceCodeHash, /^[0-9a-f]{64}$/);
    assert.equal(one.codeSha256, Buffer.from(one.sourceCodeHash, "hex").toString("base64"));
    assert.equal(one.sourceCodeSize, 3);
    assert.deepEqual(outputsOf({ "b.js": "é", "a.js": "1" }), one);
    for (const other of [{ "a.js": "1", "b.js": "e" }, { "a.js": "1" }, { "a.js": "1é", "b.js": "" }])
      assert.notEqual(outputsOf(other).sourceCodeHash, one.sourceCodeHash);
    assert.equal(outputsOf({ "a.js": "1" }, { sourceCodeHash: "mine" }).sourceCodeHash, "mine");
    assert.equal(create("lambda/function:Function", { name: "one" }).outputs.sourceCodeHash, undefined);
  });

  it("say where a function logs, as the program sets it or as Lambda does", () => {
    const configOf = (inputs: object) =>
      create("lambda/function:Function", { name: "one", ...inputs }).outputs.loggingConfig;
    assert.deepEqual(configOf({}), { logFormat: "Text", logGroup: "/aws/lambda/one" });
    assert.deepEqual(configOf({ loggingConfig: { logFormat: "JSON" } }), {
      logFormat: "JSON",
      logGroup: "/aws/lambda/one",
    });
  });

  it("give a user a sub, and the state that the password makes", () => {
    const user = (inputs: object) =>
      create("cognito/user:User", { userPoolId: "p", username: "carol", ...inputs });
    const { id, outputs } = user({ password: "one" });
    assert.equal(id, "p/carol");
    assert.match(outputs.sub, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(
      [outputs.status, user({}).outputs.status, user({ temporaryPassword: "one" }).outputs.status],
      ["CONFIRMED", "FORCE_CHANGE_PASSWORD", "FORCE_CHANGE_PASSWORD"],
    );
  });

  it("give a resource server the names of its scopes", () => {
    const inputs = { userPoolId: "p", identifier: "https://api", scopes: [{ scopeName: "read" }] };
    const { id, outputs } = create("cognito/resourceServer:ResourceServer", inputs);
    assert.deepEqual([id, outputs.scopeIdentifiers], ["p|https://api", ["https://api/read"]]);
  });

  it("know the calls that deploy them, but for Cognito's", () => {
    const unknown = resourceTypes.filter(({ deployment }) => !deployment);
    assert.deepEqual(
      unknown.map(({ type }) => short(type)),
      [
        "cognito/resourceServer:ResourceServer",
        "cognito/user:User",
        "cognito/userGroup:UserGroup",
        "cognito/userInGroup:UserInGroup",
        "cognito/userPool:UserPool",
        "cognito/userPoolClient:UserPoolClient",
        "cognito/userPoolDomain:UserPoolDomain",
      ],
    );
  });

  it("refuse a type that is not among them, with all that are", () => {
    assert.throws(
      () => create("s3/bucket:Bucket", {}),
      (error) => {
        assert.ok(error instanceof OperatorError);
        const [message, list = ""] = error.message.split(" Emulated are ");
        assert.equal(
          message,
          'aws:s3/bucket:Bucket "one" is not emulated locally: leave it out of the stack that you run locally, like if (pulumi.getStack() !== "test") …, or add it to local/resources/.',
        );
        assert.deepEqual(
          list.split(", "),
          resourceTypes.map(({ type }) => type),
        );
        return true;
      },
    );
  });
});

describe("the defaults of a resource", () => {
  it("hold its region, but for a resource that no region holds", () => {
    const without = resourceTypes.filter(({ type }) => !("region" in defaultsOf(type, account)));
    assert.deepEqual(
      without.map(({ type }) => short(type)),
      [
        "iam/policy:Policy",
        "iam/role:Role",
        "iam/rolePolicy:RolePolicy",
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        "route53/record:Record",
      ],
    );
    assert.deepEqual(defaultsOf("aws:apigatewayv2/apiMapping:ApiMapping", account), { region: "eu-west-1" });
  });

  it("are none for a type that is not known", () => {
    assert.deepEqual(defaultsOf("pulumi:pulumi:StackReference", account), {});
  });

  it("are what a program reads where it gives nothing", async () => {
    const { outputs, resources } = await runSource(`
      import * as aws from "@pulumi/aws";
      const api = new aws.apigatewayv2.Api("chat", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" });
      const logs = new aws.cloudwatch.LogGroup("chat", { retentionInDays: 7 });
      export const read = [api.region, api.ipAddressType, api.apiKeySelectionExpression, logs.logGroupClass, logs.retentionInDays];`);
    assert.deepEqual(outputs.read, ["us-east-1", "ipv4", "$request.header.x-api-key", "STANDARD", 7]);
    assert.deepEqual(
      resources.map((resource) => Object.keys(resource.outputs).filter((name) => name === "region")),
      [[], []],
    );
  });
});
