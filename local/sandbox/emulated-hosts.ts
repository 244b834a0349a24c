/** AWS host name to the port on 127.0.0.1 that emulates it over plain http. The second part may be `*`: any region. */
export type EmulatedHosts = Readonly<Record<string, { readonly port: number }>>;

/** The local port for an https call to this host and port, or undefined when that host is not emulated. */
export function emulatedPort(hosts: EmulatedHosts, hostname: string, port: unknown): number | undefined {
  const isHttpsPort = port === undefined || port === null || port === "" || Number(port) === 443;
  return isHttpsPort ? hosts[nameIn(hosts, hostname)]?.port : undefined;
}

/** Whether the host is emulated at all. */
export function isEmulated(hosts: EmulatedHosts, hostname: string): boolean {
  return Object.hasOwn(hosts, nameIn(hosts, hostname));
}

function nameIn(hosts: EmulatedHosts, hostname: string): string {
  return Object.hasOwn(hosts, hostname) ? hostname : hostname.replace(/^([^.]+)\.[^.]+\./, "$1.*.");
}
