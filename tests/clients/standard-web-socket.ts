/** What Node and a browser take beside the URL; only Node takes headers. */
type Options = string[] | { headers: Record<string, string>; protocols: string[] };

/**
 * Opens a connection with the platform's own `WebSocket`. It uses nothing from outside its body, so that it also runs
 * where it is sent as text: in a page.
 * @throws {Error} `close <code>`, which is all that the standard tells of a refusal
 */
export async function openStandardWebSocket({ url, options }: { url: string; options: Options }) {
  const socket = new WebSocket(url, options as string[]);
  const messages: string[] = [];
  let wake = () => {};
  socket.addEventListener("message", ({ data }) => {
    messages.push(data);
    wake();
  });
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve([code, reason]));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    closed.then(([code]) => reject(new Error(`close ${code}`)));
  });
  return {
    subprotocol: socket.protocol,
    extensions: socket.extensions.replace(/;.*/, ""),
    send: (text: string) => socket.send(text),
    closed: () => closed,
    async next() {
      while (messages.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return messages.shift() as string;
    },
  };
}
