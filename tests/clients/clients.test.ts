import { after, before, describe } from "mocha";
import { skipWithout } from "../skip-without.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import type { Client } from "./client.ts";
import { itServes, memberSettings } from "./client-facts.ts";
import { nodeClient } from "./node-client.ts";
import { findPython, pythonAbsence, pythonClient } from "./python-client.ts";
import { wsClient } from "./ws-client.ts";

describe("a client", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ settings: memberSettings });
  });
  after(() => stack?.close());

  describe("with the package ws", () => {
    itServes(
      () => wsClient,
      () => stack,
      {
        tokenPlaces: ["header", "subprotocol"],
        refusal: (status) => `status ${status}`,
        choosesFrames: true,
      },
    );
  });

  describe("with Node's WebSocket", () => {
    itServes(
      () => nodeClient,
      () => stack,
      {
        tokenPlaces: ["header", "subprotocol"],
        refusal: () => "close 1006",
        choosesFrames: false,
      },
    );
  });

  describe("with Python's websockets", () => {
    let client: Client;
    before(function () {
      client = pythonClient(skipWithout(this, findPython(), pythonAbsence));
    });
    itServes(
      () => client,
      () => stack,
      {
        tokenPlaces: ["header", "subprotocol"],
        refusal: (status) => `server rejected WebSocket connection: HTTP ${status}`,
        choosesFrames: true,
      },
    );
  });
});
