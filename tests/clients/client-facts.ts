import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "mocha";
import { manage } from "../local/management-call.ts";
import type { TestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import type { Client, Offer, Session } from "./client.ts";

/** The stack's settings that make both refusals possible: 401 for a bad token, 403 for somebody who is no member. */
export const memberSettings = { requiredGroups: '["members"]' };

type TokenPlace = "header" | "subprotocol";

const offers: Readonly<Record<TokenPlace, (token: string) => Offer>> = {
  header: (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
  subprotocol: (token) => ({ protocols: ["app.v1", `bearer.${token}`] }),
};

/** What differs between clients. */
export interface ClientTraits {
  /** Where it can put a token. */
  readonly tokenPlaces: readonly TokenPlace[];
  /** What it tells of a refused handshake. */
  readonly refusal: (status: number) => string;
  /** Whether its users choose the frames of a message. */
  readonly choosesFrames: boolean;
}

export function memberToken(): string {
  return accessToken({ "cognito:groups": ["members"] });
}

/** The id of the connection that was opened last. */
export function latestConnectionId({ events }: TestStack): string {
  const opened = events.findLast((event) => event.type === "handshake" && event.status === 101);
  return opened?.type === "handshake" ? opened.connectionId : assert.fail("no connection was opened");
}

/** Tests of what every client does with the stack, which is there when they run. */
export function itServes(client: () => Client, stack: () => TestStack, traits: ClientTraits): void {
  const { tokenPlaces, refusal, choosesFrames } = traits;

  async function open(place = tokenPlaces[0] ?? "header", token = memberToken()): Promise<Session> {
    return client().open(stack().url, offers[place](token));
  }

  for (const place of tokenPlaces)
    it(`opens a connection with a token in its ${place}, and is answered`, async () => {
      const session = await open(place);
      assert.equal(session.subprotocol, place === "subprotocol" ? "app.v1" : "");
      assert.equal(session.extensions, "permessage-deflate");
      await session.send('{"action":"whoami"}');
      const { username, groups } = JSON.parse(await session.next());
      assert.deepEqual([username, groups], ["alice", ["members"]]);
    });

  it("carries every script both ways", async () => {
    const session = await open();
    const message = "grüße, мир, 世界, 👩‍🚀 \u0000\u2028";
    await session.send(JSON.stringify({ action: "sendmessage", message }));
    assert.deepEqual(JSON.parse(await session.next()), { action: "sendmessage", from: "alice", message });
  });

  it("gets an error frame for a message that its route does not allow, and stays connected", async () => {
    const session = await open();
    await session.send('{"action":"sendmessage"}');
    const ids = `"connectionId":"${latestConnectionId(stack())}", "requestId":"[\\w-]{15}="`;
    assert.match(await session.next(), new RegExp(`^\\{"message": "Bad request body", ${ids}\\}$`));
    await session.send("hello");
    assert.match(await session.next(), /^\{"error":"unknown action"/);
  });

  for (const [status, whom, token] of [
    [401, "a bad token", () => "junk"],
    [403, "somebody who is no member", () => accessToken()],
  ] as const)
    for (const place of tokenPlaces)
      it(`tells of ${whom} in its ${place}: ${refusal(status)}`, async () => {
        await assert.rejects(open(place, token()), { message: refusal(status) });
        const seen = stack().events.at(-1);
        assert.equal(seen?.type === "handshake" && seen.status, status);
      });

  it("hears what is pushed to it, up to 128 KB, and why it is closed", async () => {
    const session = await open();
    const connectionId = latestConnectionId(stack());
    for (const body of ["grüße", randomBytes(64 * 1024).toString("hex")]) {
      assert.equal((await manage(stack(), { connectionId, body })).status, 200);
      assert.equal(await session.next(), body);
    }
    assert.equal((await manage(stack(), { connectionId, method: "DELETE" })).status, 204);
    assert.deepEqual(await session.closed(), [1000, "Connection Closed Normally"]);
  });

  if (choosesFrames)
    it("sends 128 KB in frames up to 32 KB", async () => {
      const session = await open();
      // The answer names its sender too, and has to fit as well.
      const message = randomBytes(65_000).toString("hex");
      await session.send(...(JSON.stringify({ action: "sendmessage", message }).match(/.{1,32768}/g) ?? []));
      assert.deepEqual(JSON.parse(await session.next()), { action: "sendmessage", from: "alice", message });
    });

  it("is closed for a frame over 32 KB, compressed as it is", async () => {
    const session = await open();
    await session.send(randomBytes(64 * 1024).toString("hex"));
    assert.deepEqual(await session.closed(), [1009, ""]);
  });
}
