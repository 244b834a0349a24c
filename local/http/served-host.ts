/**
 * Whether a request means this server: its `Host` is loopback or a host that is emulated. A page that has its own name
 * resolve to 127.0.0.1 (DNS rebinding) sends that name, and is turned away.
 */
export function isServedHost(host: string | undefined, emulatedHosts: readonly string[]): boolean {
  const name = host?.toLowerCase().replace(/:\d+$/, "");
  return name !== undefined && ["localhost", "127.0.0.1", "[::1]", ...emulatedHosts].includes(name);
}
