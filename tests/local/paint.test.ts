import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { paint } from "../../local/screen/paint.ts";

describe("paint", () => {
  const { NO_COLOR } = process.env;
  const isTerminal = Object.getOwnPropertyDescriptor(process.stdout, "isTTY");
  const setTerminal = (value: boolean) =>
    Object.defineProperty(process.stdout, "isTTY", { value, configurable: true });
  beforeEach(() => {
    delete process.env.NO_COLOR;
  });
  afterEach(() => {
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
    if (isTerminal) Object.defineProperty(process.stdout, "isTTY", isTerminal);
    else Reflect.deleteProperty(process.stdout, "isTTY");
  });

  it("styles text in a terminal", () => {
    setTerminal(true);
    assert.equal(paint("red", "no"), "\u001b[31mno\u001b[39m");
  });

  it("leaves text as it is in a pipe, and with NO_COLOR", () => {
    setTerminal(false);
    assert.equal(paint("red", "no"), "no");
    setTerminal(true);
    process.env.NO_COLOR = "1";
    assert.equal(paint("red", "no"), "no");
  });
});
