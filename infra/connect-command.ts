import type { TokenSource } from "./settings.ts";

/** The wscat line that connects with a token in TOKEN, put where this stack takes tokens from. */
export function connectCommand(url: string, sources: readonly TokenSource[]): string {
  if (sources.includes("header")) return `wscat -c '${url}' -H "Authorization: Bearer $TOKEN"`;
  if (sources.includes("subprotocol")) return `wscat -c '${url}' -s app.v1 -s "bearer.$TOKEN"`;
  return `wscat -c '${url}?token='"$TOKEN"`;
}
