/** AWS host name to the port on 127.0.0.1 that emulates it over plain http. */
export type EmulatedHosts = Readonly<Record<string, { readonly port: number }>>;

/** The local port for an https call to this host and port, or undefined when that host is not emulated. */
export function emulatedPort(hosts: EmulatedHosts, hostname: string, port: unknown): number | undefined {
  const isHttpsPort = port === undefined || port === null || port === "" || Number(port) === 443;
  return isHttpsPort && Object.hasOwn(hosts, hostname) ? hosts[hostname]?.port : undefined;
}
