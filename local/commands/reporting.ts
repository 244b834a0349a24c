import { diagramOf } from "../diagram/diagram-of.ts";
import type { Journal } from "../page/journal.ts";
import { pageConfig } from "../page/page-config.ts";
import { pageHandler } from "../page/page-server.ts";
import type { ConsoleReporter } from "../screen/console-reporter.ts";
import type { LocalStack, LocalStackOptions } from "../stack/local-stack.ts";

/** Options that tell the screen and the pages of what happens. @param stack the one that is started with them */
export function reporting(
  journal: Journal,
  reporter: ConsoleReporter,
  stack: () => LocalStack,
): Pick<LocalStackOptions, "observe" | "pages" | "onLog" | "onAuthentication" | "onEmail"> {
  return {
    observe: (event) => {
      journal.gateway(event);
      reporter.gateway(event);
    },
    pages: pageHandler({
      journal,
      config: (host) => pageConfig(stack(), host),
      picture: () => diagramOf(stack().graph),
    }),
    onLog: reporter.log,
    onAuthentication: reporter.authentication,
    onEmail: reporter.email,
  };
}
