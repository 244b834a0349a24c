const limit = 1000;

/** The first characters of a text, for people to read: what is long is cut at 1,000. */
export function excerpt(text: string): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
