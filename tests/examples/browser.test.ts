import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser, Page } from "playwright-core";
import { chromiumAbsence, findChromium, launchChromium } from "../clients/chromium.ts";
import { manage } from "../local/management-call.ts";
import { faintTexts, unnamed } from "../page/accessibility.ts";
import { type PageStack, startPageStack } from "../page/page-stack.ts";
import { skipWithout } from "../skip-without.ts";
import { userPoolId } from "../token-factory.ts";

describe("the browser example, in Chromium", () => {
  let browser: Browser;
  let local: PageStack;
  let page: Page;
  const troubles: string[] = [];
  before(async function () {
    const path = skipWithout(this, findChromium(), chromiumAbsence);
    [browser, local] = await Promise.all([
      launchChromium(path),
      startPageStack({ settings: { requiredGroups: '["admins"]' } }),
    ]);
  });
  after(() => Promise.all([browser?.close(), local?.stack.close()]));
  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) troubles.push(message.text());
    });
    await page.clock.install();
    await page.goto(`${local.origin}/browser/`);
  });
  afterEach(() => page.close());

  const status = (text: string) => page.getByRole("status").filter({ hasText: text }).waitFor();
  const problem = (text: string) => page.getByRole("alert").filter({ hasText: text }).waitFor();
  const messages = () => page.locator("#messages li").allTextContents();

  async function signIn(username = "alice", password = "Alice-demo-1") {
    await page.getByLabel("User", { exact: true }).fill(username);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
  }

  async function signedIn() {
    await signIn();
    await page.locator("#messages li", { hasText: '"username":"alice"' }).waitFor();
  }

  /** Calls the user pool as an administrator. */
  async function administer(operation: string, input: object) {
    const response = await fetch(`http://127.0.0.1:${local.stack.userPoolPort}`, {
      method: "POST",
      headers: {
        Authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/local",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ UserPoolId: userPoolId, ...input }),
    });
    assert.equal(response.status, 200, await response.text());
  }

  async function closeByServer() {
    const [connection] = local.journal.latestConnections(1);
    const { connectionId = "" } = connection ?? {};
    assert.equal((await manage(local.stack, { connectionId, method: "DELETE" })).status, 204);
  }

  it("signs in, connects and talks, with the keyboard alone", async () => {
    await page.keyboard.press("Tab");
    await page.keyboard.type("alice");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Alice-demo-1");
    await page.keyboard.press("Enter");
    await status("connected");
    await page.locator("#messages li", { hasText: "whoami" }).waitFor();
    assert.equal(await page.locator(":focus").getAttribute("name"), "message");
    await page.keyboard.type("<b>good</b> morning");
    await page.keyboard.press("Enter");
    await page.locator("#messages li", { hasText: '"from":"alice"' }).waitFor();
    const [note, who = "", ...talk] = await messages();
    assert.equal(note, "connected");
    assert.match(who, /^\{"action":"whoami","sub":".+","username":"alice",.+\}$/);
    assert.deepEqual(talk, [
      "<b>good</b> morning",
      '{"action":"sendmessage","from":"alice","message":"<b>good</b> morning"}',
    ]);
    assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "");
  });

  it("sends no password before it knows where, least of all in a URL", async () => {
    const early = await browser.newPage();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await early.route("**/config.json", async (route) => {
      await released;
      await route.continue();
    });
    const asked = early.waitForRequest("**/config.json");
    await early.goto(`${local.origin}/browser/`, { waitUntil: "commit" });
    await asked;
    await early.getByLabel("User", { exact: true }).fill("alice");
    await early.getByLabel("Password", { exact: true }).fill("Alice-demo-1");
    await early.keyboard.press("Enter");
    assert.equal(early.url(), `${local.origin}/browser/`);
    const button = early.getByRole("button", { name: "Sign in" });
    assert.equal(await button.isDisabled(), true);
    release();
    await button.click();
    await early.locator("#messages li", { hasText: '"username":"alice"' }).waitFor();
    await early.close();
  });

  it("says that a password is wrong, and keeps the name", async () => {
    await signIn("alice", "wrong");
    await problem("Incorrect username or password.");
    assert.equal(await page.getByLabel("User", { exact: true }).inputValue(), "alice");
    await page.getByLabel("Password", { exact: true }).fill("Alice-demo-1");
    await page.keyboard.press("Enter");
    await status("connected");
    assert.equal(await page.getByRole("alert").textContent(), "");
  });

  it("connects again with a fresh token when the server closes the connection", async () => {
    await signedIn();
    const told = local.authentications.length;
    await closeByServer();
    await status("not connected, next attempt in 1 s");
    await page.getByLabel("Message", { exact: true }).fill("to nobody");
    await page.keyboard.press("Enter");
    await problem("Not connected: the message was not sent.");
    assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "to nobody");
    await page.clock.runFor(1000);
    await status("connected");
    assert.deepEqual(local.authentications.slice(told), ["alice GetTokensFromRefreshToken success"]);
    await page.locator("#messages li", { hasText: "whoami" }).nth(1).waitFor();
    assert.equal(await page.getByRole("alert").textContent(), "");
  });

  it("goes back to the sign-in when the session is over", async () => {
    await signedIn();
    await administer("AdminUserGlobalSignOut", { Username: "alice" });
    await closeByServer();
    await status("not connected");
    await page.clock.runFor(1000);
    await problem("The session is over: sign in again.");
    await status("signed out");
    assert.equal(await page.locator(":focus").getAttribute("name"), "username");
    await signedIn();
  });

  it("has a new connection and a fresh token before the 2 hours are over, and says something before 10 idle minutes", async () => {
    await signedIn();
    const [first] = local.journal.latestConnections(1);
    const told = local.authentications.length;
    await page.clock.runFor(9 * 60_000);
    await page.locator("#messages li", { hasText: "whoami" }).nth(1).waitFor();
    await page.clock.runFor(106 * 60_000);
    await page
      .locator("#messages li", { hasText: /^connected$/ })
      .nth(1)
      .waitFor();
    const [second] = local.journal.latestConnections(1);
    assert.notEqual(second?.connectionId, first?.connectionId);
    assert.deepEqual(local.authentications.slice(told), ["alice GetTokensFromRefreshToken success"]);
    assert.doesNotMatch((await messages()).join("\n"), /not connected/);
  });

  it("tells a user who may not connect, and goes on trying", async () => {
    await signIn("bob", "Bob-demo-1");
    for (const seconds of [1, 2]) {
      await status(`not connected, next attempt in ${seconds} s`);
      assert.equal(await page.getByRole("alert").textContent(), "");
      await page.clock.runFor(seconds * 1000);
    }
    await page
      .getByRole("status")
      .filter({ hasText: /next attempt in [34] s/ })
      .waitFor();
    assert.equal(
      await page.getByRole("alert").textContent(),
      "The API is out of reach, or does not let this user in. The attempts go on.",
    );
    await page.getByRole("button", { name: "Sign out" }).click();
    await status("signed out");
    assert.equal(await page.getByRole("alert").textContent(), "");
  });

  it("lets a new user choose a password", async () => {
    const TemporaryPassword = "Carol-temp-1";
    await administer("AdminCreateUser", { Username: "carol", TemporaryPassword, MessageAction: "SUPPRESS" });
    await administer("AdminAddUserToGroup", { Username: "carol", GroupName: "admins" });
    await signIn("carol", TemporaryPassword);
    await page.getByLabel("New password").fill("short");
    await page.keyboard.press("Enter");
    await problem("Password did not conform with password policy");
    assert.deepEqual(await unnamed(page), []);
    await page.getByLabel("New password").fill("Carol-new-1");
    await page.keyboard.press("Enter");
    await page.locator("#messages li", { hasText: '"username":"carol"' }).waitFor();
  });

  it("closes its connection when its user signs out", async () => {
    await signedIn();
    const { journal } = local;
    const [own] = journal.latestConnections(1);
    const isOpen = () =>
      journal.latestConnections(99).some((each) => each.connectionId === own?.connectionId);
    assert.equal(isOpen(), true);
    await page.getByRole("button", { name: "Sign out" }).click();
    await status("signed out");
    await new Promise<void>((resolve) => {
      journal.follow(() => isOpen() || resolve());
      if (!isOpen()) resolve();
    });
    assert.deepEqual(
      await page.locator("input:visible").evaluateAll((inputs) => inputs.map(({ value }) => value)),
      ["", ""],
    );
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`is readable in ${colorScheme} colours, fits a phone, and each control has a name`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 390, height: 844 });
      await signIn("alice", "wrong");
      await problem("Incorrect");
      for (const enter of [async () => {}, signedIn]) {
        await enter();
        assert.deepEqual(await faintTexts(page), []);
        assert.deepEqual(await unnamed(page), []);
        assert.equal(await page.locator("html").evaluate(({ scrollWidth }) => scrollWidth), 390);
      }
    });

  it("runs without an error, and breaks none of its own rules", () => assert.deepEqual(troubles, []));
});
