/** Names and values of headers, which Node.js gives and takes as one flat list. */
export function headerPairs(flat: readonly string[]): [name: string, value: string][] {
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? ""]] : []));
}
