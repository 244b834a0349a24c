import type { AwsAccount, ResourceGraph } from "../graph/resource-graph.ts";
import type { EmulatedHosts } from "../lambda/emulated-hosts.ts";
import type { StackConfig } from "./stack-config.ts";

/** What a program thread is asked, once. */
export interface ProgramRequest {
  readonly stackConfig: StackConfig;
  readonly hosts: EmulatedHosts;
  readonly account: Partial<AwsAccount>;
}

/** What it answers. */
export type ProgramAnswer =
  | { readonly graph: ResourceGraph }
  | {
      readonly failure: {
        readonly name: string;
        readonly message: string;
        readonly stack: string;
        /** Whether the message is all there is to say. */
        readonly isExpected: boolean;
      };
    };
