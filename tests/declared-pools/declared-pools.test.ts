import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { DeclaredPools } from "../../local/declared-pools/declared-pools.ts";
import type { Properties, RecordedResource } from "../../local/graph/resource-graph.ts";
import { demoUsers } from "../../local/user-pool/demo-users.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { graphOf, resource } from "../resource-graph.ts";

const id = "us-east-1_Declared";
const sub = "0b2f3c5e-0000-4000-8000-000000000000";

const pool = (inputs: Properties = {}) =>
  resource("cognito/userPool:UserPool", "users", { id, inputs: { name: "users", ...inputs } });
const client = (inputs: Properties = {}, outputs: Properties = {}) =>
  resource("cognito/userPoolClient:UserPoolClient", "app", {
    id: "app1",
    inputs: {
      userPoolId: id,
      name: "app",
      explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      ...inputs,
    },
    outputs: { clientSecret: "", ...outputs },
  });
const group = (name: string, inputs: Properties = {}) =>
  resource("cognito/userGroup:UserGroup", name, {
    id: `${id}/${name}`,
    inputs: { userPoolId: id, name, ...inputs },
  });
const user = (inputs: Properties = {}) =>
  resource("cognito/user:User", "carol", {
    id: `${id}/carol`,
    inputs: { userPoolId: id, username: "carol", ...inputs },
    outputs: { sub, status: inputs.password ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD" },
  });
const membership = (groupName: string) =>
  resource("cognito/userInGroup:UserInGroup", "carol", {
    id: "terraform-1",
    inputs: { userPoolId: id, username: "carol", groupName },
  });

describe("declared user pools", () => {
  let declared: DeclaredPools;
  const deploy = (...resources: RecordedResource[]) => declared.deploy(graphOf(...resources));
  const served = () => declared.pools.find(id) ?? assert.fail("the pool is not served");
  const names = () => served().users.map(({ username }) => username);
  beforeEach(() => {
    declared = new DeclaredPools(undefined);
  });

  it("are served with what they declare, until they are gone", () => {
    const policy = { minimumLength: 12, temporaryPasswordValidityDays: 1 };
    deploy(pool({ passwordPolicy: policy }), client({ accessTokenValidity: 2 }), group("editors"));
    assert.deepEqual(served().settings.passwordPolicy, {
      MinimumLength: 12,
      RequireLowercase: false,
      RequireNumbers: false,
      RequireSymbols: false,
      RequireUppercase: false,
      TemporaryPasswordValidityDays: 1,
    });
    const [app] = served().clients;
    assert.deepEqual(
      [app?.clientId, app?.clientSecret, app?.settings.ClientName, app?.settings.AccessTokenValidity],
      ["app1", undefined, "app", 2],
    );
    assert.deepEqual(
      served().groups.map(({ name }) => name),
      ["editors"],
    );
    assert.equal(served().issuer, `https://cognito-idp.us-east-1.amazonaws.com/${id}`);
    deploy();
    assert.deepEqual([...declared.pools], []);
  });

  it("have clients with the secret that the program is given", () => {
    deploy(pool(), client({ generateSecret: true }, { clientSecret: "its secret" }));
    assert.equal(served().findClient("app1")?.clientSecret, "its secret");
  });

  it("have custom attributes under the names of the API", () => {
    const schemas = [
      {
        name: "tenant",
        attributeDataType: "String",
        mutable: true,
        stringAttributeConstraints: { maxLength: "9" },
      },
      { name: "email", attributeDataType: "String", required: true },
    ];
    deploy(pool({ schemas }));
    assert.deepEqual(
      served().settings.schema.map(({ name, isMutable, isRequired, most }) => [
        name,
        isMutable,
        isRequired,
        most,
      ]),
      [
        ["custom:tenant", true, false, 9],
        ["email", false, true, undefined],
      ],
    );
  });

  it("have users with a permanent or a temporary password, the sub of the program, and groups", () => {
    deploy(
      pool(),
      group("editors"),
      membership("editors"),
      user({ password: "Carol-demo-1", attributes: { email: "carol@example.com" }, enabled: false }),
    );
    const carol = served().findUser("carol");
    assert.deepEqual(
      [carol?.status, carol?.sub, carol?.isEnabled, carol?.hasPassword("Carol-demo-1")],
      ["CONFIRMED", sub, false, true],
    );
    assert.deepEqual(
      [[...(carol?.groups ?? [])], carol?.attributes.get("email")],
      [["editors"], "carol@example.com"],
    );
    deploy(pool(), user({ temporaryPassword: "Carol-demo-2" }));
    assert.deepEqual(
      [carol?.status, carol?.isEnabled, carol?.hasPassword("Carol-demo-2")],
      ["FORCE_CHANGE_PASSWORD", true, true],
    );
    assert.deepEqual([carol?.groups.size, carol?.attributes.size, served().groups], [0, 0, []]);
  });

  it("keep keys, users and what the API has changed while the program changes something else", () => {
    deploy(pool(), client(), user({ password: "Carol-demo-1" }));
    const keys = served().signingKeys;
    const carol = served().findUser("carol");
    carol?.setPassword("Chosen-by-carol-1", { temporary: false, nowSeconds: 0 });
    served().putGroup({ name: "through the API" });
    served().deleteClient("app1");
    deploy(pool({ name: "people" }), client(), user({ password: "Carol-demo-1", attributes: { name: "C" } }));
    assert.equal(served().signingKeys, keys);
    assert.equal(served().settings.name, "people");
    assert.equal(carol, served().findUser("carol"));
    assert.ok(carol?.hasPassword("Chosen-by-carol-1"));
    assert.equal(carol?.attributes.get("name"), "C");
    assert.deepEqual([served().groups.length, served().clients], [1, []]);
  });

  it("are made anew, with all that they have, where AWS makes them anew", () => {
    deploy(pool(), client(), user({ password: "Carol-demo-1" }));
    const { signingKeys } = served();
    served().addUser({ username: "dora", password: "x", status: "CONFIRMED", attributes: new Map() });
    deploy(pool({ aliasAttributes: ["email"] }), client(), user({ password: "Carol-demo-1" }));
    assert.notEqual(served().signingKeys, signingKeys);
    assert.deepEqual([names(), served().clients.length], [["carol"], 1]);
  });

  it("have the demo users as long as they declare none", () => {
    const groupsOf = (username: string) => [...(served().findUser(username)?.groups ?? [])];
    deploy(pool(), group("readers"));
    assert.deepEqual([names(), groupsOf("alice"), groupsOf("bob")], [["alice", "bob"], ["readers"], []]);
    deploy(pool(), group("readers"), group("admins"));
    assert.deepEqual(groupsOf("alice"), ["readers", "admins"]);
    deploy(pool(), group("admins"), user());
    assert.deepEqual(names(), ["carol"]);
    deploy(pool(), group("admins"));
    assert.deepEqual([names(), groupsOf("alice")], [["alice", "bob"], ["admins"]]);
  });

  it("do not bring back a demo user who was deleted through the API", () => {
    deploy(pool());
    served().deleteUser(served().findUser("bob") ?? assert.fail());
    deploy(pool(), client());
    assert.deepEqual(names(), ["alice"]);
  });

  it("add to the configured pool, which stays as it is without them", () => {
    const configured = new UserPool({
      userPoolId: id,
      clients: [{ clientId: "configured1" }],
      users: demoUsers,
      signingKeys: generateSigningKeys(),
    });
    declared = new DeclaredPools(configured);
    deploy(client(), user(), group("editors"));
    assert.deepEqual(names(), ["alice", "bob", "carol"]);
    assert.deepEqual(
      served().clients.map(({ clientId }) => clientId),
      ["configured1", "app1"],
    );
    deploy();
    assert.equal(declared.pools.find(id), configured);
    assert.deepEqual([names(), served().groups.length, served().clients.length], [["alice", "bob"], 1, 1]);
  });

  it("publish their keys while the program still runs, unless the run fails", () => {
    declared.declare(pool());
    const keys = served().signingKeys;
    deploy(pool());
    assert.equal(served().signingKeys, keys);
    assert.deepEqual(names(), ["alice", "bob"]);
    declared.declare({ ...pool(), id: "us-east-1_Other" });
    declared.forgetDeclared();
    assert.deepEqual([...declared.pools].length, 1);
  });

  it("name what is not served as declared", () => {
    deploy(
      pool({ mfaConfiguration: "ON", lambdaConfig: { preSignUp: "arn" }, tags: {} }),
      client({ explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] }),
      membership("editors"),
      resource("cognito/userPoolDomain:UserPoolDomain", "pages", { inputs: { userPoolId: id } }),
      resource("cognito/userGroup:UserGroup", "elsewhere", { inputs: { userPoolId: "us-east-1_Elsewhere" } }),
    );
    assert.deepEqual(declared.warnings, [
      'aws:cognito/userPool:UserPool "users": local mode does not know its mfaConfiguration, lambdaConfig',
      'aws:cognito/userPoolClient:UserPoolClient "app": local mode does not know the flows that it allows to sign in by: give it ALLOW_USER_PASSWORD_AUTH or ALLOW_ADMIN_USER_PASSWORD_AUTH in explicitAuthFlows',
      'aws:cognito/userGroup:UserGroup "elsewhere": the user pool us-east-1_Elsewhere is not served here: declare it, or set userPoolId to it, so that users can sign in',
      'aws:cognito/userInGroup:UserInGroup "carol": the pool has no user carol',
      'aws:cognito/userPoolDomain:UserPoolDomain "pages": nothing answers there: hosted pages are not emulated',
    ]);
    deploy(pool({ mfaConfiguration: "OFF" }), client());
    assert.deepEqual(declared.warnings, []);
  });
});

describe("what a declared pool has now", () => {
  let declared: DeclaredPools;
  const read = (one: RecordedResource) => declared.read(one);
  const parts = {
    pool: pool({ passwordPolicy: { minimumLength: 12 } }),
    client: client({ callbackUrls: ["https://b.example", "https://a.example"], refreshTokenValidity: 0 }),
    group: group("editors", { description: "Who edit" }),
    user: user({ password: "Carol-demo-1", attributes: { email: "carol@example.com" } }),
    membership: membership("editors"),
  };
  let served: UserPool;
  beforeEach(() => {
    declared = new DeclaredPools(undefined);
    declared.deploy(graphOf(...Object.values(parts)));
    served = declared.pools.find(id) ?? assert.fail("the pool is not served");
  });

  it("is what the program declares, at first", () => {
    for (const part of Object.values(parts)) assert.deepEqual(read(part), { inputs: part.inputs }, part.type);
  });

  it("is what the API has changed", () => {
    const carol = served.findUser("carol") ?? assert.fail();
    const settings = served.findClient("app1")?.settings ?? assert.fail();
    served.putClient({
      clientId: "app1",
      settings: {
        ...settings,
        CallbackURLs: ["https://c.example"],
        AccessTokenValidity: 5,
        RefreshTokenValidity: 9,
      },
    });
    served.putGroup({ name: "editors", precedence: 3 });
    carol.setAttributes(new Map([["phone_number", "+1"]]), 0);
    carol.setEnabled(false, 0);
    carol.setPassword("Carol-demo-2", { temporary: true, nowSeconds: 0 });
    carol.groups.clear();
    const { passwordPolicy } = served.settings;
    served.settings = {
      ...served.settings,
      name: "people",
      isClosed: true,
      deletionProtection: "ACTIVE",
      passwordPolicy: { ...passwordPolicy, RequireNumbers: true },
    };
    assert.deepEqual(read(parts.pool), {
      inputs: {
        ...parts.pool.inputs,
        name: "people",
        deletionProtection: "ACTIVE",
        passwordPolicy: { minimumLength: 12, requireNumbers: true },
      },
    });
    // The program leaves the validity of access tokens to AWS.
    assert.deepEqual(read(parts.client), {
      inputs: { ...parts.client.inputs, callbackUrls: ["https://c.example"], refreshTokenValidity: 9 },
    });
    const { description, ...others } = parts.group.inputs;
    assert.deepEqual(read(parts.group), { inputs: { ...others, precedence: 3 } });
    assert.deepEqual(read(parts.user), {
      inputs: {
        ...parts.user.inputs,
        enabled: false,
        attributes: { email: "carol@example.com", phone_number: "+1" },
      },
      outputs: { status: "FORCE_CHANGE_PASSWORD", sub },
    });
    assert.equal(read(parts.membership), "gone");
  });

  it("is nothing of what the API has deleted", () => {
    served.deleteClient("app1");
    served.deleteGroup("editors");
    served.deleteUser(served.findUser("carol") ?? assert.fail());
    for (const part of [parts.client, parts.group, parts.user, parts.membership])
      assert.equal(read(part), "gone", part.type);
    declared.pools.delete(id);
    for (const part of Object.values(parts)) assert.equal(read(part), "gone", part.type);
  });

  it("is not known of other pools and of other resources", () => {
    const elsewhere = resource("cognito/userGroup:UserGroup", "g", {
      inputs: { userPoolId: "us-east-1_Other" },
    });
    assert.equal(read(elsewhere), undefined);
    assert.equal(read(resource("iam/role:Role", "role")), undefined);
  });
});
