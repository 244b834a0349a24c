import * as pulumi from "@pulumi/pulumi";
import { ProbeApi } from "./probe-api.ts";
import { ProbeFunctions } from "./probe-functions.ts";

// Open to all, and cheap: deploy it, run the cases, destroy it.
const functions = new ProbeFunctions("probe");
const authorizer = functions.create("authorizer", { timeoutSeconds: 2 });
const show = functions.create("show", { timeoutSeconds: 10 });
const connect = functions.create("connect", { timeoutSeconds: 5 });
const answer = functions.create("answer", { timeoutSeconds: 2 });

// Functions answer with their events, or push them to the connection that the client names when it connects.
const events = new ProbeApi("events", {
  authorizer: { handler: authorizer },
  routes: {
    $connect: { handler: show },
    $disconnect: { handler: show },
    $default: { handler: show, replies: true },
  },
});
functions.mayPushTo(events);

// The authorizer and the functions do what the query and the messages ask for. Nothing takes what no route is for.
const faults = new ProbeApi("faults", {
  authorizer: { handler: authorizer },
  routes: {
    $connect: { handler: connect, timeoutMs: 2000 },
    answer: { handler: answer, replies: true },
    hurried: { handler: answer, replies: true, timeoutMs: 100 },
    mute: { handler: answer },
    forbidden: { handler: answer, replies: true, permitted: false },
    idle: {},
  },
});

// The authorizer is asked only if both identity sources are there. $connect has no integration.
const identity = new ProbeApi("identity", {
  authorizer: {
    handler: authorizer,
    identitySources: ["route.request.header.X-Probe", "route.request.querystring.probe"],
  },
  routes: { $connect: {} },
});

// No authorizer, no $connect, and routes chosen by two members of a message.
const open = new ProbeApi("open", {
  routeSelectionExpression: "${request.body.room.kind}-${request.body.action}",
  routes: {
    "chat-join": { handler: answer, replies: true },
    "-join": { handler: answer, replies: true },
    $default: { handler: answer, replies: true },
  },
});

// One new connection at once, one per second.
const throttled = new ProbeApi("throttled", { routes: { $connect: {} }, connectionsPerSecond: 1 });

// API Gateway has no permission to call the authorizer.
const locked = new ProbeApi("locked", {
  authorizer: { handler: authorizer, permitted: false },
  routes: { $connect: {} },
});

/** Where clients connect to each API: the value of CONFORMANCE_PROBE_URLS. */
export const urls = pulumi.output(
  Object.fromEntries(
    Object.entries({ events, faults, identity, open, throttled, locked }).map(([name, api]) => [
      name,
      api.url,
    ]),
  ),
);
