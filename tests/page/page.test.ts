import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Browser, Page } from "playwright-core";
import { chromiumAbsence, findChromium, launchChromium } from "../clients/chromium.ts";
import { manage } from "../local/management-call.ts";
import { projectName } from "../project-name.ts";
import { skipWithout } from "../skip-without.ts";
import { faintTexts, unnamed } from "./accessibility.ts";
import { type PageStack, startPageStack } from "./page-stack.ts";

describe("the page of npm start, in Chromium", () => {
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
    page = await openPage();
  });
  after(() => Promise.all([browser?.close(), local?.stack.close()]));

  async function openPage(): Promise<Page> {
    const opened = await browser.newPage();
    opened.setDefaultTimeout(10_000);
    opened.on("pageerror", (error) => troubles.push(error.message));
    opened.on("request", (request) => {
      if (!/^(http:\/\/localhost:|data:)/.test(request.url())) troubles.push(request.url());
    });
    opened.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) troubles.push(message.text());
    });
    await opened.goto(local.origin);
    await opened.getByRole("heading", { level: 1, name: `${projectName}, in local mode` }).waitFor();
    return opened;
  }

  /** Lines of what happens that are shown and hold the text, without their times. */
  async function shown(text: string, on = page): Promise<string[]> {
    const lines = await on.locator("#happenings li:visible", { hasText: text }).allInnerTexts();
    return lines.map((line) =>
      line
        .replaceAll(/\s+/g, " ")
        .replace(/^\d\d:\d\d:\d\d /, "")
        .trim(),
    );
  }

  async function connect(user: string, on = page) {
    await on.getByLabel("User").selectOption(user);
    await on.getByRole("button", { name: "Connect", exact: true }).click();
  }

  async function send(message: string) {
    await page.getByRole("textbox", { name: "Message" }).fill(message);
    await page.getByRole("button", { name: "Send" }).click();
  }

  it("connects a user: shows the decision, the connection, and how long the token is good", async () => {
    await connect("alice");
    await page.getByText("connected as alice").waitFor();
    const row = page.locator("#connections tr");
    await row.waitFor();
    const [connection] = local.journal.latestConnections(1);
    const id = connection?.connectionId ?? assert.fail("no connection");
    assert.deepEqual(await row.locator("td").allInnerTexts(), [id, "alice", "< 1 min", "59 min left"]);
    assert.equal(
      await page.getByRole("heading", { name: "Open connections" }).innerText(),
      "Open connections: 1",
    );
    await page.locator("#happenings .what", { hasText: "open" }).waitFor();
    const [allowed = "", opened] = await shown(id);
    assert.match(allowed, new RegExp(`^allow ${id} allowed \\d+\\.\\d ms$`));
    assert.equal(opened, `open ${id} as "alice" speaking "app.v1"`);
    assert.deepEqual(await shown("sign-in"), ["sign-in alice InitiateAuth success"]);
  });

  it("sends a message, and shows it, its answer, and what the function logs", async () => {
    await send('{"action":"sendmessage","message":"good morning"}');
    await page.locator("#happenings li", { hasText: '"from":"alice"' }).waitFor();
    const told = (await shown("sendmessage")).map((line) =>
      line.replace(/ [\w-]{15}= /, " ID ").replace(/\d+\.\d ms/, "n ms"),
    );
    const [question, report = "", answer] = told;
    assert.equal(question, '→ ID sendmessage 49 bytes {"action":"sendmessage","message":"good morning"}');
    assert.match(report, /^report sendmessage n ms \d+ of 256 MB/);
    assert.equal(
      answer,
      '← ID sendmessage 64 bytes n ms {"action":"sendmessage","from":"alice","message":"good morning"}',
    );
    assert.equal(told.length, 3);
  });

  it("shows a message as text, whatever is in it", async () => {
    const message = "<img src=x onerror=\"document.title='run'\"><b>bold</b>";
    await send(JSON.stringify({ action: "sendmessage", message }));
    await page.locator("#happenings li", { hasText: '"from":"alice"' }).nth(1).waitFor();
    assert.match((await shown("onerror"))[0] ?? "", /<img src=x onerror=/);
    assert.equal(await page.locator("#happenings :is(img, b)").count(), 0);
    assert.equal(await page.title(), `${projectName}, in local mode`);
  });

  it("shows what is pushed, and a close by the server", async () => {
    const [connection] = local.journal.latestConnections(1);
    const { connectionId = "" } = connection ?? {};
    await manage(local.stack, { connectionId, body: "pushed to you" });
    await page.locator("#happenings li", { hasText: "pushed to you" }).waitFor();
    assert.deepEqual(await shown("pushed"), [`⇐ ${connectionId} @connections 13 bytes pushed to you`]);
    await manage(local.stack, { connectionId, method: "DELETE" });
    await page.getByText("closed: 1000 Connection Closed Normally").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
    await page.getByRole("heading", { name: "Open connections: 0" }).waitFor();
    assert.equal(await page.locator("#connections tr").count(), 0);
  });

  it("shows why a user is refused, which the browser is not told", async () => {
    await connect("bob");
    await page.getByText("not connected: see why below").waitFor();
    await page.locator("#happenings .what", { hasText: "403" }).waitFor();
    const [decision = ""] = await shown("missing_group");
    assert.match(decision, /^deny [\w-]{15}= missing_group \d+\.\d ms\b/);
    assert.match((await shown("403")).join(), /^403 [\w-]{15}= the authorizer's policy does not allow it/);
  });

  it("shows the topics that are wanted, and no others", async () => {
    const topics = async () => [
      ...new Set(
        await page
          .locator("#happenings li:visible")
          .evaluateAll((items) => items.map((item) => item.dataset.topic)),
      ),
    ];
    assert.deepEqual((await topics()).sort(), ["connections", "logs", "messages", "rest"]);
    for (const [label, topic] of [
      ["connections and decisions", "connections"],
      ["messages", "messages"],
      ["function logs", "logs"],
      ["the rest", "rest"],
    ] as const) {
      await page.getByLabel(label).uncheck();
      assert.ok(!(await topics()).includes(topic), topic);
      assert.equal((await topics()).length, 3);
      await page.getByLabel(label).check();
    }
    assert.equal((await topics()).length, 4);
  });

  it("cannot connect before it knows where", async () => {
    const early = await browser.newPage();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await early.route("**/page.json", async (route) => {
      await released;
      await route.continue();
    });
    const asked = early.waitForRequest("**/page.json");
    await early.goto(local.origin);
    await asked;
    const button = early.getByRole("button", { name: "Connect", exact: true });
    assert.equal(await button.isDisabled(), true);
    release();
    await button.click();
    await early.getByText("connected as alice").waitFor();
    await early.close();
  });

  it("draws the program, again after each reload", async () => {
    const picture = page.getByRole("img", { name: /^What the program declares/ });
    assert.ok((await picture.evaluate((image) => image.decode().then(() => image.naturalWidth))) > 0);
    const again = page.waitForResponse((response) => response.url().includes("/page.svg"));
    local.reporter.reload("index.ts", "deployed in 1 ms");
    assert.equal((await again).status(), 200);
    await page.locator("#happenings li", { hasText: "deployed in 1 ms" }).waitFor();
  });

  it("shows everything to a reader who comes late", async () => {
    const late = await openPage();
    await late.locator("#happenings li", { hasText: "deployed in 1 ms" }).waitFor();
    const texts = (on: Page) => on.locator("#happenings li").allTextContents();
    assert.deepEqual(await texts(late), await texts(page));
    await late.close();
  });

  it("leaves lines out for a reader who does not keep up, and stays at the end of the list", async () => {
    for (let i = 0; i < 600; i++) local.reporter.warning(`odd ${i}`);
    await page.locator("#happenings li", { hasText: "odd 599" }).waitFor();
    const list = page.locator("#happenings");
    assert.equal(await list.locator("li").count(), 500);
    assert.equal(
      await list.evaluate(
        ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 8,
      ),
      true,
    );
  });

  it("stays where its reader has scrolled to", async () => {
    const list = page.locator("#happenings");
    await list.evaluate((element) => {
      element.scrollTop = 0;
    });
    local.reporter.warning("one more");
    await list.locator("li", { hasText: "one more" }).waitFor({ state: "attached" });
    assert.equal(await list.evaluate(({ scrollTop }) => scrollTop), 0);
  });

  it("is used with the keyboard alone", async () => {
    const typist = await openPage();
    const focused = () =>
      typist.locator(":focus").evaluate(({ name, id, textContent }) => name || id || textContent);
    await typist.keyboard.press("Tab");
    assert.equal(await focused(), "username");
    await typist.keyboard.press("b");
    await typist.keyboard.press("a");
    await typist.keyboard.press("Tab");
    assert.equal(await focused(), "Connect");
    const outline = await typist
      .locator(":focus")
      .evaluate((element) => element.ownerDocument.defaultView.getComputedStyle(element).outlineStyle);
    assert.equal(outline, "solid");
    await typist.getByLabel("User").selectOption("alice");
    await typist.keyboard.press("Enter");
    await typist.getByText("connected as alice").waitFor();
    const order: string[] = [];
    for (let i = 0; i < 9; i++) {
      await typist.keyboard.press("Tab");
      order.push(await focused());
    }
    const topics = ["connections", "messages", "logs", "rest"];
    assert.deepEqual(order, ["disconnect", "message", "Send", "browser example", ...topics, "happenings"]);
    await typist.close();
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`is readable in ${colorScheme} colours, and each control has a name`, async () => {
      await page.emulateMedia({ colorScheme });
      local.reporter.reload("index.ts", "failed", "red");
      local.reporter.gateway({ type: "push", connectionId: "c", bytes: 1, text: "x" });
      local.reporter.gateway({ type: "closed", connectionId: "c", code: 1000, reason: "" });
      local.reporter.log({ logicalName: "f", stream: "stdout", line: "l", level: "INFO" });
      await page.locator("#happenings .what", { hasText: "log" }).last().waitFor({ state: "attached" });
      assert.deepEqual(await faintTexts(page), []);
      assert.deepEqual(await unnamed(page), []);
    });

  it("fits a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const width = await page.locator("html").evaluate(({ scrollWidth }) => scrollWidth);
    assert.equal(width, 390);
  });

  it("holds no token and no password in what happens", () => {
    const told = local.journal.since(0).map(({ json }) => json);
    assert.equal(told.length, 500);
    assert.doesNotMatch(told.join("\n"), /eyJ|-demo-1/);
  });

  it("finds a server that was started anew, and forgets what the former one told", async () => {
    const { port } = local.stack;
    await local.stack.close();
    await page.getByText("the server is away").waitFor();
    local = await startPageStack({ port });
    local.reporter.warning("begun anew");
    await page.locator("#happenings li", { hasText: "begun anew" }).waitFor({ state: "attached" });
    assert.deepEqual(await page.locator("#happenings .text").allTextContents(), ["begun anew"]);
  });

  it("runs without an error, asks nobody else, and breaks none of its own rules", () =>
    assert.deepEqual(troubles, []));
});
