import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Styles text for the terminal: not in a pipe or a file, and not with NO_COLOR (https://no-color.org). */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR
    ? styleText(style, text, { validateStream: false })
    : text;
}
