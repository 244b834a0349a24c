/** Rounded up: for figures of this project that had better be low, and of others that had better be high. */
export function atMost(value: number, digits: number): string {
  return text(Math.ceil(value * 10 ** digits) / 10 ** digits, digits);
}

/** Rounded down: for the others of these. */
export function atLeast(value: number, digits: number): string {
  return text(Math.floor(value * 10 ** digits) / 10 ** digits, digits);
}

function text(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
