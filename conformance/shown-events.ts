import { type Client, connect } from "./client.ts";
import type { TargetWith } from "./target.ts";

type ProbeTarget = TargetWith<"probeUrls">;

// biome-ignore lint/suspicious/noExplicitAny: an event's shape is what cases are about
export type ShownEvent = any;

export interface ShownOptions {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** Opens a connection to the probe that answers with its events. */
function connectToEvents({ query = "", ...options }: ShownOptions, target: ProbeTarget): Promise<Client> {
  return connect(target, { url: `${target.probeUrls.events}?${query}`, token: undefined, ...options });
}

/** The event of a message, whose answer it is. */
export async function messageEvent(
  target: ProbeTarget,
  options: ShownOptions = {},
  body = "hello",
): Promise<ShownEvent> {
  using client = await connectToEvents(options, target);
  return JSON.parse(await client.ask(body));
}

/** The event that the authorizer got, which it has put into its context. */
export async function authorizerEvent(target: ProbeTarget, options: ShownOptions = {}): Promise<ShownEvent> {
  return JSON.parse((await messageEvent(target, options)).requestContext.authorizer.event);
}

export interface WatchedEvents {
  readonly connectEvent: ShownEvent;
  readonly messageEvent: ShownEvent;
  readonly disconnectEvent: ShownEvent;
}

/** The events of a whole connection, of which another one is shown those without a client to answer to. */
export async function watchedEvents(
  target: ProbeTarget,
  end: (client: Client, connectionId: string) => unknown = ({ socket }) => socket.close(1000, "done"),
  { query = "", ...options }: ShownOptions = {},
): Promise<WatchedEvents> {
  using watcher = await connectToEvents({}, target);
  const { connectionId } = JSON.parse(await watcher.ask("which am I?")).requestContext;
  using client = await connectToEvents(
    { ...options, query: `${query}&watcher=${encodeURIComponent(connectionId)}` },
    target,
  );
  const connectEvent = JSON.parse(await watcher.next());
  const messageEvent = JSON.parse(await client.ask("hello"));
  await end(client, messageEvent.requestContext.connectionId);
  const disconnectEvent = JSON.parse(await watcher.next());
  return { connectEvent, messageEvent, disconnectEvent };
}
