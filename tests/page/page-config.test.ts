import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type PageConfig, pageConfig } from "../../local/page/page-config.ts";
import { demoUsers } from "../../local/user-pool/demo-users.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { projectName } from "../project-name.ts";
import { type TestStack, type TestStackOptions, withTestStack } from "../test-stack.ts";
import { clientId, signingKeys, userPoolId } from "../token-factory.ts";

const title = `${projectName}, in local mode`;
const url = "ws://localhost:3000/prod";

const users = [
  { username: "alice", password: "Alice-demo-1", groups: ["admins"] },
  { username: "bob", password: "Bob-demo-1", groups: [] },
];

function configOf(options: TestStackOptions): Promise<PageConfig & { userPoolPort: number }> {
  return withTestStack(options, async (stack) => ({
    ...pageConfig(stack, "localhost:3000"),
    userPoolPort: stack.userPoolPort,
  }));
}

describe("what a page knows of the stack", () => {
  it("where to sign in, as whom, and where to connect, as far as there is a user pool and an API", async () => {
    await withTestStack({ users: demoUsers }, async (stack) => {
      const of = (changes: Partial<TestStack>) => pageConfig({ ...stack, ...changes }, "localhost:3000");
      const userPoolEndpoint = `http://localhost:${stack.userPoolPort}`;
      const token = { tokenUse: "access", tokenSource: "subprotocol" };
      assert.deepEqual(of({}), { title, url, signIn: { userPoolEndpoint, clientId, ...token, users } });
      assert.deepEqual(of({ userPool: undefined }), { title, url });
      const [api] = stack.apis;
      assert.deepEqual(of({ apis: api ? [{ ...api, routes: new Map() }] : [] }), { title, url });
      const obstacle = "This program declares no WebSocket API stage.";
      assert.deepEqual(of({ apis: [] }), { title, obstacle });
    });
  });

  it("which token, and where it goes, by the authorizer's own settings", async () => {
    const settings = { tokenUse: "id", tokenSources: '["header","query"]', stageName: "live" };
    const { url: served, signIn } = await configOf({ settings, users: demoUsers });
    assert.equal(served, "ws://localhost:3000/live");
    assert.deepEqual([signIn?.tokenUse, signIn?.tokenSource], ["id", "query"]);
  });

  it("why it cannot connect: where only a header is taken", async () => {
    const { userPoolPort, ...config } = await configOf({
      settings: { tokenSources: '["header"]' },
      users: demoUsers,
    });
    const obstacle = "Tokens are taken from a header alone, which no page can send: connect with wscat.";
    assert.deepEqual(config, { title, url, obstacle });
  });

  it("why it cannot connect: where every client has a secret", async () => {
    const clients = [{ clientId, clientSecret: "a secret of the tests" }];
    const { userPoolPort, ...config } = await configOf({
      userPool: new UserPool({ userPoolId, clients, users: [] }),
    });
    const obstacle =
      "Every client of the user pool has a secret, which no page could keep: connect with wscat.";
    assert.deepEqual(config, { title, url, obstacle });
  });

  it("why it cannot connect: where no client signs in by password, or the program declares the users", async () => {
    const pool = new UserPool({ userPoolId, clients: [{ clientId }], users: [], signingKeys });
    await withTestStack({ userPool: pool }, async (stack) => {
      const { obstacle } = pageConfig(stack, "localhost:3000");
      assert.equal(
        obstacle,
        "The program declares the users of the pool, and their passwords are not shown: sign in with npm run token -- <user> --password <password>, and connect with wscat.",
      );
      const { settings } = pool.findClient(clientId) ?? assert.fail();
      pool.putClient({ clientId, settings: { ...settings, ClientName: "app", ExplicitAuthFlows: [] } });
      assert.equal(
        pageConfig(stack, "localhost:3000").obstacle,
        "The app client app does not allow ALLOW_USER_PASSWORD_AUTH, by which this page signs in: add it to explicitAuthFlows.",
      );
    });
  });
});
