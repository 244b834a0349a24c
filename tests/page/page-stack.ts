import { diagramOf } from "../../local/diagram/diagram-of.ts";
import { Journal } from "../../local/page/journal.ts";
import { pageConfig } from "../../local/page/page-config.ts";
import { pageHandler } from "../../local/page/page-server.ts";
import { ConsoleReporter } from "../../local/screen/console-reporter.ts";
import { demoUsers } from "../../local/user-pool/demo-users.ts";
import type { AuthenticationEvent } from "../../local/user-pool/server.ts";
import { startTestStack, type TestStack, type TestStackOptions } from "../test-stack.ts";

/** A stack with its pages and the demo users, wired as `npm start` does it. */
export interface PageStack {
  readonly stack: TestStack;
  readonly journal: Journal;
  readonly reporter: ConsoleReporter;
  /** Sign-ins and refreshes, like "alice InitiateAuth success". */
  readonly authentications: readonly string[];
  /** Where a browser finds the pages. */
  readonly origin: string;
}

export async function startPageStack(options: TestStackOptions = {}): Promise<PageStack> {
  const journal = new Journal();
  const reporter = new ConsoleReporter(() => {}, journal.line);
  const authentications: string[] = [];
  const stack: TestStack = await startTestStack({
    users: demoUsers,
    observe: (event) => {
      journal.gateway(event);
      reporter.gateway(event);
    },
    pages: pageHandler({
      journal,
      config: (host) => pageConfig(stack, host),
      picture: () => diagramOf(stack.graph),
    }),
    onLog: reporter.log,
    onAuthentication: (event: AuthenticationEvent) => {
      reporter.authentication(event);
      authentications.push([event.username, event.operation, event.outcome].join(" "));
    },
    ...options,
  });
  return { stack, journal, reporter, authentications, origin: `http://localhost:${stack.port}` };
}
