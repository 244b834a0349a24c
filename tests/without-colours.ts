import { after, before } from "mocha";

/** Has the tests of a describe print without colours, on a terminal too. */
export function withoutColours(): void {
  const { NO_COLOR } = process.env;
  before(() => {
    process.env.NO_COLOR = "1";
  });
  after(() => {
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
  });
}
