import { once } from "node:events";
import { createServer } from "node:net";
import { OperatorError } from "../operator-error.ts";

/** A port of local mode, and the option that chooses it. */
export interface ServedPort {
  /** E.g. "user pool". */
  readonly what: string;
  readonly option: string;
  readonly port: number;
}

/**
 * What to do when `npm start` cannot listen: names every port that is taken, not only the first one that it met.
 * @param isOwn whether another `npm start` answers at a port
 */
export async function takenPorts(
  ports: readonly ServedPort[],
  isOwn: (port: number) => Promise<boolean>,
): Promise<OperatorError> {
  const taken: ServedPort[] = [];
  for (const served of ports) if (await isTaken(served.port)) taken.push(served);
  const named = taken.map(({ what, port }) => `port ${port} for the ${what}`).join(" and ");
  const owned = await Promise.all(taken.map(({ port }) => isOwn(port)));
  const byOther = owned.includes(true) ? ", by another npm start: end that one with Ctrl-C, or" : ":";
  const options = taken.map(({ option }) => `${option} 0`).join(" ");
  return new OperatorError(
    `${named} ${taken.length > 1 ? "are" : "is"} taken${byOther} take free ports with npm start -- ${options}`,
  );
}

/** Whether another `npm start` serves user pools at a port: this one, or any where none is configured. */
export async function servesUserPool(port: number, userPoolId: string | undefined): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/${userPoolId}/.well-known/jwks.json`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
  await answer?.body?.cancel();
  const isKeySet = answer?.status === 200 && answer.headers.get("content-type") === "application/json";
  return isKeySet || answer?.headers.has("x-amzn-errortype") === true;
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return true;
    throw error;
  } finally {
    server.close();
  }
}
