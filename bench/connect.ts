import { interleave } from "./interleave.ts";
import { LoadClients } from "./load-clients.ts";
import { LoadServer } from "./load-server.ts";
import { installPeerPackages } from "./peer-packages.ts";
import { heading, note, subject, table } from "./report.ts";
import { serverlessOffline, startServerlessOffline } from "./serverless-offline.ts";

const bare = "bare ws, which accepts everyone";
const connections = 500;
const atOnce = 16;
const rounds = 7;
const warmUpRounds = 2;

/** Handshakes: each is decided by the authorizer and accepted by the function of `$connect`. */
export async function benchConnect(): Promise<void> {
  installPeerPackages("bench/serverless-offline");
  heading(
    "connect",
    `${connections} handshakes, ${atOnce} at once, each with a token that the authorizer verifies`,
  );
  note(
    "this project and serverless-offline run the same bundles: the authorizer, then the function of $connect",
  );
  const server = await LoadServer.start();
  const clients = new LoadClients();
  const offline = await startServerlessOffline(server.functions, server.gateway.headers);
  const endpoints = { [subject]: server.gateway, [bare]: server.bare, [serverlessOffline]: offline.endpoint };
  let opened = 0;
  const contenders = Object.entries(endpoints).map(([name, endpoint]) => ({
    name,
    async run() {
      const ms = await clients.open(name, endpoint, connections, atOnce);
      await clients.close(name);
      if (name === subject) {
        // What $disconnect costs is not counted, neither here nor against the next.
        opened += connections;
        await server.untilDisconnected(opened);
      }
      return (connections / ms) * 1000;
    },
  }));
  try {
    await interleave("connect, warm-up", warmUpRounds, contenders);
    table("connections per second", await interleave("connect", rounds, contenders), 0, "higher");
  } finally {
    await Promise.all([clients.stop(), server.stop(), offline.stop()]);
  }
}
