import { delimiter } from "node:path";
import { documentedCommands } from "../tests/readme/documented-commands.ts";
import { ProjectCopy } from "../tests/readme/project-copy.ts";
import { goal, heading, note, progress, table } from "./report.ts";

const limitSeconds = 300;
const stepLimitMs = 600_000;

/**
 * What README.md tells a stranger to type first, in a fresh clone of the last commit: the machine's own Node.js and
 * npm, with npm's cache as it is. Fails if it takes more than five minutes.
 */
export async function benchNewcomer(): Promise<void> {
  heading("newcomer", "a fresh clone, to the first answer");
  const seconds = new Map<string, number[]>();
  const timed = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    progress(what);
    const startedAt = performance.now();
    const result = await run();
    seconds.set(what, [(performance.now() - startedAt) / 1000]);
    return result;
  };
  const project = await timed("git clone", () => ProjectCopy.clone());
  try {
    const start = (command: string) => project.start(inOwnPath(command), { limitMs: stepLimitMs });
    await timed("npm ci", () => project.output(inOwnPath("npm ci"), { limitMs: stepLimitMs }));
    const served = start("npm start");
    await timed("npm start", () => served.printed("Ctrl-C ends it.\n"));
    const client = start(connectCommand());
    await timed("sign in and connect", () => served.printed('as "alice"'));
    client.type('{"action":"whoami"}');
    await timed("the answer to whoami", () => client.printed('"username":"alice"'));
  } finally {
    await project.remove();
  }
  const all = [...seconds.values()].flat().reduce((sum, each) => sum + each, 0);
  table("s", new Map([...seconds, ["all", [all]]]), 1);
  note("npm ci depends on npm's cache and the network");
  goal(`at most ${limitSeconds} s`, all, limitSeconds, 1);
  if (all > limitSeconds) process.exitCode = 1;
}

/** The line of README.md that connects with wscat. */
function connectCommand(): string {
  const line = documentedCommands.find(
    ({ document, text }) => document === "README.md" && /^npx wscat /.test(text),
  );
  if (!line) throw new Error("README.md has no line with npx wscat");
  return line.text;
}

/** Leaves out what npm has put in front for this run: a stranger has the machine's Node.js. */
function inOwnPath(command: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !/node_modules/.test(folder));
  return `export PATH='${folders.join(delimiter)}'\n${command}`;
}
