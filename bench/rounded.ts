/** Rounded up, for figures of this project: never in its favour. */
export function atMost(value: number, digits: number): string {
  return text(Math.ceil(value * 10 ** digits) / 10 ** digits, digits);
}

/** Rounded down, for figures of others. */
export function atLeast(value: number, digits: number): string {
  return text(Math.floor(value * 10 ** digits) / 10 ** digits, digits);
}

function text(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
