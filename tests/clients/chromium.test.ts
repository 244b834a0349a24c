import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "mocha";
import type { Browser, Page } from "playwright-core";
import { skipWithout } from "../skip-without.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { chromiumAbsence, findChromium, launchChromium } from "./chromium.ts";
import { itServes, latestConnectionId, memberSettings, memberToken } from "./client-facts.ts";
import { pageClient } from "./page-client.ts";

describe("a page in Chromium", () => {
  const site = createServer((_, response) => response.end("<!doctype html><title>a site</title>"));
  let origin: string;
  let browser: Browser;
  let stack: TestStack;
  let page: Page;
  before(async function () {
    const path = skipWithout(this, findChromium(), chromiumAbsence);
    await once(site.listen(0, "127.0.0.1"), "listening");
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    browser = await launchChromium(path);
    const allowedOrigins = JSON.stringify([origin]);
    stack = await startTestStack({ settings: { ...memberSettings, allowedOrigins } });
    page = await browser.newPage();
    await page.goto(origin);
  });
  after(async () => {
    site.close();
    await Promise.all([browser?.close(), stack?.close()]);
  });

  itServes(
    () => pageClient(page),
    () => stack,
    { tokenPlaces: ["subprotocol"], refusal: () => "close 1006", choosesFrames: false },
  );

  function open(from: Page, ...protocols: string[]) {
    return pageClient(from).open(stack.url, { protocols });
  }

  it("is refused on a site that is not allowed", async () => {
    const elsewhere = await browser.newPage();
    await elsewhere.goto(origin.replace("127.0.0.1", "localhost"));
    await assert.rejects(open(elsewhere, "app.v1", `bearer.${memberToken()}`), { message: "close 1006" });
    const seen = stack.events.at(-1);
    assert.equal(seen?.type === "handshake" && seen.status, 403);
  });

  it("closes a connection for which no subprotocol was chosen: a token names none", async () => {
    await assert.rejects(open(page, `bearer.${memberToken()}`), { message: "close 1006" });
    const connectionId = latestConnectionId(stack);
    assert.equal(
      (await stack.untilEvent("closed", (event) => event.connectionId === connectionId)).code,
      1006,
    );
  });

  it("closes its connection when it goes elsewhere", async () => {
    const visit = await browser.newPage();
    await visit.goto(origin);
    await open(visit, "app.v1", `bearer.${memberToken()}`);
    const connectionId = latestConnectionId(stack);
    await visit.goto("about:blank");
    assert.deepEqual(await stack.untilEvent("closed", (event) => event.connectionId === connectionId), {
      type: "closed",
      connectionId,
      code: 1001,
      reason: "",
    });
  });
});
