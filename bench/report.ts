import { paint } from "../local/screen/paint.ts";
import { atLeast, atMost } from "./rounded.ts";
import { median, type Rounds, ratio, valuesOf } from "./rounds.ts";

/** Which of two figures is the better one. What is rounded is never rounded in this project's favour. */
export type Better = "lower" | "higher";

/** The contender that every other is compared with. */
export const subject = "this project";

const nameWidth = 54;
const columnWidth = 10;

/** Says on stderr what is going on: on a terminal each round, in one line, else once. */
export function progress(what: string, round = 1, rounds = 1): void {
  const count = rounds > 1 ? `, round ${round} of ${rounds}` : "";
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}${count}`);
  else if (round === 1) process.stderr.write(`${what}\n`);
}

export function heading(title: string, detail: string): void {
  line(`\n${paint("bold", title)}  ${detail}`);
}

export function note(text: string): void {
  line(paint("dim", `  ${text}`));
}

/**
 * One line per contender: the median, least and most of its rounds, and how this project compares with it.
 * A table without this project is all about this project.
 */
export function table(title: string, rounds: Rounds<number>, digits: number, better: Better = "lower"): void {
  const [own, others] = roundings(better);
  const compares = rounds.has(subject);
  const spread = [...rounds.values()].some((values) => values.length > 1);
  const columns = [...(spread ? ["median", "min", "max"] : [""]), ...(compares ? ["this/it"] : [])];
  line("");
  row(`  ${title}`, columns);
  for (const [name, values] of rounds) {
    const show = compares && name !== subject ? others : own;
    const figures = spread ? [median(values), Math.min(...values), Math.max(...values)] : values;
    const cells = figures.map((figure) => show(figure, digits));
    if (compares && name !== subject) cells.push(own(ratio(rounds, subject, name), 2));
    row(`  ${name}`, cells);
  }
}

function row(name: string, cells: readonly string[]): void {
  line(`${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(columnWidth)).join("")}`);
}

/** A goal, what was measured, and whether that meets it: the figure as measured decides, not as shown. */
export function goal(
  text: string,
  measured: number,
  limit: number,
  digits: number,
  better: Better = "lower",
): void {
  const isMet = better === "lower" ? measured <= limit : measured >= limit;
  const [style, verdict] = isMet ? (["green", "met"] as const) : (["red", "missed"] as const);
  const [own] = roundings(better);
  row(`  goal: ${text}`, [own(measured, digits), paint(style, verdict.padStart(columnWidth))]);
}

/** A goal for the ratio of this project to another: at most the limit where lower is better, else at least. */
export function ratioGoal(
  rounds: Rounds<number>,
  other: string,
  limit: number,
  better: Better = "lower",
): void {
  const bound = better === "lower" ? "at most" : "at least";
  goal(`${bound} ${limit} × ${other}`, ratio(rounds, subject, other), limit, 2, better);
}

/** For this project's figures, and for those of others. */
function roundings(better: Better) {
  return better === "lower" ? ([atMost, atLeast] as const) : ([atLeast, atMost] as const);
}

/** The median of this project's rounds. */
export function ownMedian(rounds: Rounds<number>): number {
  return median(valuesOf(rounds, subject));
}

export function line(text: string): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(text);
}
