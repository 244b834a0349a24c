import type { ConsoleReporter } from "../screen/console-reporter.ts";
import { errorText } from "../screen/error-text.ts";
import { isChange, reloadReport } from "../screen/reload-report.ts";
import { coalesced } from "../stack/coalesced.ts";
import type { LocalStack, Reload } from "../stack/local-stack.ts";
import type { SourceWatcher } from "./source-watcher.ts";

export interface ReloadOnSaveArgs {
  readonly stack: LocalStack;
  readonly sources: SourceWatcher;
  readonly reporter: ConsoleReporter;
  /** Called after each run of the program, whether it could be deployed or not. */
  readonly onRun: () => void;
  readonly isClosing: () => boolean;
}

/** Deploys the program anew when its files are saved, and says what that changed or why it cannot be. */
export function reloadOnSave({ stack, sources, reporter, onRun, isClosing }: ReloadOnSaveArgs): void {
  const saved = new Set<string>();
  const deploy = coalesced(async () => {
    const startedAt = performance.now();
    const files = named([...saved]);
    saved.clear();
    const stageNames = stageNamesOf(stack);
    const pools = stack.declaredPools.declared;
    try {
      const reload = await stack.reload();
      reporter.reload(files, outcome(reload, performance.now() - startedAt));
      if (isChange(reload.changes)) console.log(reloadReport(reload.changes));
      if (stageNamesOf(stack) !== stageNames)
        for (const { stageName } of stack.apis)
          console.log(` served at ws://localhost:${stack.port}/${stageName}`);
      for (const pool of stack.declaredPools.declared)
        if (!pools.includes(pool))
          console.log(` served at http://localhost:${stack.userPoolPort}: user pool ${pool.id}`);
    } catch (error) {
      if (isClosing()) return;
      reporter.reload(files, "not deployed: what was there before goes on", "red");
      reporter.failure(errorText(error));
    } finally {
      onRun();
    }
  });
  sources.onSaved((paths) => {
    for (const path of paths) saved.add(path);
    void deploy();
  });
}

function outcome({ changes, closedConnections }: Reload, ms: number): string {
  if (!isChange(changes)) return "nothing to deploy";
  const closed = closedConnections > 0 ? `, closed with their stage: ${closedConnections} connections` : "";
  return `deployed in ${ms.toFixed(0)} ms${closed}`;
}

function named([first = "", ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}

function stageNamesOf({ apis }: LocalStack): string {
  return JSON.stringify(apis.map(({ stageName }) => stageName));
}
