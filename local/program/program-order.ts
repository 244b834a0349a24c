import type { EmulatedHosts } from "../sandbox/emulated-hosts.ts";

/** Where the process of a program reads its order, and where it writes its reports. */
export const goDescriptor = 3;
export const reportDescriptor = 4;

/** What a waiting process is told, once, as JSON. */
export interface ProgramOrder {
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** AWS hosts that the program's calls reach on local ports. */
  readonly hosts: EmulatedHosts;
}

/** What the process says of itself, one JSON text a line. */
export type ProgramReport =
  /** Whether Pulumi's package was not there when it looked. */
  | { readonly missing: boolean }
  /** The order is carried out: the program may run. */
  | { readonly isReady: true }
  /** Absolute path of a file that the program has loaded. */
  | { readonly loaded: string };
