import { paint } from "../local/screen/paint.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { Outcome } from "./run-cases.ts";
import type { Section } from "./sections.ts";
import type { Need } from "./target.ts";
import { variables } from "./variables.ts";

type Outcomes = ReadonlyMap<ConformanceCase, Outcome>;
type State = Outcome["state"];

const states: readonly State[] = ["passed", "failed", "skipped"];
const styles = { passed: "green", failed: "red", skipped: "yellow" } as const;

/** Says on a terminal's stderr how far the run is; elsewhere nothing. */
export function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(done < all ? `\r\x1b[K${done} of ${all}` : "\r\x1b[K");
}

/** The whole run as text: each section's counts, then failures in full, then what was skipped and why, then the sum. */
export function reportOf(sections: readonly Section[], outcomes: Outcomes, seconds: number): string {
  const blocks = [
    sections.flatMap((section) => sectionLine(section, sections, outcomes)).join("\n"),
    ...failures(sections, outcomes),
    ...skips(sections, outcomes),
    `${counts([...outcomes.values()])} in ${seconds.toFixed(1)} s`,
  ];
  return blocks.filter(Boolean).join("\n\n");
}

function sectionLine({ title, cases }: Section, all: readonly Section[], outcomes: Outcomes): string[] {
  const ran = cases.flatMap((one) => outcomes.get(one) ?? []);
  const width = Math.max(...all.map((section) => section.title.length));
  return ran.length === 0 ? [] : [`  ${title.padEnd(width)}  ${counts(ran)}`];
}

function counts(outcomes: readonly Outcome[]): string {
  return states
    .flatMap((state) => {
      const count = outcomes.filter((outcome) => outcome.state === state).length;
      if (count === 0 && state === "skipped") return [];
      const text = `${String(count).padStart(3)} ${state}`;
      return [count > 0 ? paint(styles[state], text) : text];
    })
    .join("  ");
}

function failures(sections: readonly Section[], outcomes: Outcomes): string[] {
  return sections.flatMap(({ title, cases }) =>
    cases.flatMap((one) => {
      const outcome = outcomes.get(one);
      if (outcome?.state !== "failed") return [];
      const lines = withoutTokens(messageOf(outcome.error)).trim().split("\n");
      return `${paint("red", "failed")}  ${title}: ${one.fact} (${one.source})\n${lines.map((line) => `  ${line}`).join("\n")}`;
    }),
  );
}

function skips(sections: readonly Section[], outcomes: Outcomes): string[] {
  const byNeeds = Map.groupBy(
    sections.flatMap(({ title, cases }) =>
      cases.flatMap((one) => {
        const outcome = outcomes.get(one);
        return outcome?.state === "skipped"
          ? { line: `  ${title}: ${one.fact}`, missing: outcome.missing }
          : [];
      }),
    ),
    ({ missing }) => missing.map(describeNeed).join(", and "),
  );
  return [...byNeeds].map(
    ([needs, cases]) =>
      `${paint("yellow", "skipped")}  ${needs}\n${cases.map(({ line }) => line).join("\n")}`,
  );
}

function describeNeed(need: Need): string {
  if (need === "slow") return "they take hours: --slow";
  const { name, what } = variables[need];
  return `${name} not set: ${what}`;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A failure to connect to a name with two addresses has a code and no message.
  return error.message || String((error as NodeJS.ErrnoException).code);
}

/** Whatever looks like a part of a token is left out: a failure must be fit for any log. */
function withoutTokens(text: string): string {
  return text.replace(/\beyJ[\w-]+(\.[\w-]*)*/g, "<token>").replace(/[\w-]{80,}/g, "<long text>");
}
