import type { Page } from "playwright-core";
import type { Client } from "./client.ts";
import { openStandardWebSocket } from "./standard-web-socket.ts";

/** The `WebSocket` of a page, which takes subprotocols and no headers. */
export function pageClient(page: Page): Client {
  return {
    async open(url, { protocols = [] }) {
      const session = await page
        .evaluateHandle(openStandardWebSocket, { url, options: [...protocols] })
        .catch(throwOwnError);
      const { subprotocol, extensions } = await session.evaluate(({ subprotocol, extensions }) => ({
        subprotocol,
        extensions,
      }));
      return {
        subprotocol,
        extensions,
        send: (text = "") => session.evaluate(({ send }, message) => send(message), text),
        next: () => session.evaluate(({ next }) => next()),
        closed: () => session.evaluate(({ closed }) => closed()),
      };
    },
  };
}

/** Throws what the page threw, without what the browser's driver says around it. */
function throwOwnError({ message }: Error): never {
  throw new Error(/Error: (.*)$/m.exec(message)?.[1] ?? message);
}
