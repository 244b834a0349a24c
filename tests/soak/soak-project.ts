import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOut, replacing } from "../program/checkout.ts";

/** A copy of the program in which `whoami` fails on demand and tells its revision. */
export class SoakProject {
  readonly #folder: string;

  constructor() {
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), "soak-")));
    checkOut(this.#folder);
    this.write(0);
  }

  /** Where the project is. */
  get folder(): string {
    return this.#folder;
  }

  /** Edits the function. A broken one cannot be bundled. */
  write(revision: number, isBroken = false): void {
    const source = readFileSync(new URL("whoami-with-faults.ts", import.meta.url), "utf8");
    const edited = replacing("const revision = 0", `const revision = ${revision}`)(source);
    writeFileSync(join(this.#folder, "functions/whoami.ts"), isBroken ? `${edited}\n{` : edited);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
