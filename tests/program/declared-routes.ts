import { existsSync, readFileSync } from "node:fs";
import type { MessageRoute } from "./expected-routes.ts";

/** The `actions` as the text of index.ts declares them. One test holds them against expected-routes.ts. */
export const messageRoutes: readonly MessageRoute[] = readActions();

/** Every route; each calls the function of its name. */
export const routes = [
  { name: "connect", routeKey: "$connect" },
  { name: "disconnect", routeKey: "$disconnect" },
  ...messageRoutes,
  { name: "default", routeKey: "$default" },
] as const;

export const routeNames: readonly string[] = routes.map(({ name }) => name).sort();

/** Every function; each is the file of that name in functions/. */
export const functionNames: readonly string[] = ["authorizer", ...routeNames].sort();

/** The names of the alarms for throttled functions, each with its functions, in the program's order: ten at most. */
export const throttlingAlarms: ReadonlyMap<string, readonly string[]> = throttlingAlarmsOf([
  "authorizer",
  ...routes.map(({ name }) => name),
]);

/** Every route whose answers go back to the client. */
export const replyingNames: readonly string[] = [
  "default",
  ...messageRoutes.filter(({ replies }) => replies).map(({ name }) => name),
].sort();

/** Every route whose messages have a schema. */
export const checkedNames: readonly string[] = messageRoutes
  .filter(({ hasSchema }) => hasSchema)
  .map(({ name }) => name)
  .sort();

/** What selects each message route, as clients are told. */
export const actions: readonly string[] = messageRoutes.map(({ routeKey }) => routeKey);

/** What `$default` answers. */
export const unknownAction = JSON.stringify({ error: "unknown action", actions });

/** The name of a route's model, of letters and digits only. */
export function modelName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "");
}

function throttlingAlarmsOf(names: readonly string[]): Map<string, readonly string[]> {
  const count = Math.ceil(names.length / 10);
  return new Map(
    Array.from({ length: count }, (_, i) => [
      i === 0 ? "throttling" : `throttling-${i + 1}`,
      names.slice(i * 10, (i + 1) * 10),
    ]),
  );
}

function readActions(): MessageRoute[] {
  const program = readFileSync(new URL("../../index.ts", import.meta.url), "utf8").replaceAll(/\/\/.*/g, "");
  const [, list = ""] = /^const actions = \[(.*?)\];$/ms.exec(program) ?? [];
  const [, ...calls] = list.split("new Route(");
  return calls.map((args) => {
    const name = /^\s*"([^"]+)"/.exec(args)?.[1] ?? args;
    return {
      name,
      routeKey: /\brouteKey: "([^"]+)"/.exec(args)?.[1] ?? name,
      replies: /\breplies: true\b/.test(args),
      hasSchema: existsSync(new URL(`../../functions/${name}.schema.json`, import.meta.url)),
    };
  });
}
