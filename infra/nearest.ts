/** The known word that a mistyped one most likely means: at most a third of its letters away, or none. */
export function nearest(mistyped: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({ word, edits: editsBetween(mistyped.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= word.length / 3)
    .sort((a, b) => a.edits - b.edits);
  return best?.word;
}

/** How many letters to insert, delete or replace (the Levenshtein distance). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...to].entries())
      next.push(
        Math.min(
          (next[column] ?? 0) + 1,
          (row[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[to.length] ?? 0;
}
