import { redirectOutboundNetwork } from "./outbound-network.ts";

const hosts = process.env.EMULATED_AWS_HOSTS;
if (!hosts) throw new Error("environment variable EMULATED_AWS_HOSTS is required");

/** Loaded with `node --import` into a Pulumi program's process, which keeps its own sockets to the engine. */
redirectOutboundNetwork(JSON.parse(hosts), { refuseOthers: false });
