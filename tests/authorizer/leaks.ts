import assert from "node:assert/strict";

const gramLength = 12;
/** Of a longer value, the search takes the first part: it runs for each of many thousand requests. */
const searchedLength = 8 * 1024;
/** Where a client puts what it likes. */
const clientHeaders = ["authorization", "sec-websocket-protocol", "origin"];

/**
 * Fails if 12 characters in a row of what the client sent stand in what the authorizer wrote.
 * @param event of which only the parts that a client controls count
 */
export function assertNothingLeaks(event: unknown, written: readonly string[]): void {
  const sent = sentByClient(event);
  for (const text of written)
    for (let start = 0; start + gramLength <= text.length; start++) {
      const gram = text.slice(start, start + gramLength);
      assert.ok(!sent.includes(gram), `the client's ${gram} was written: ${text}`);
    }
}

function sentByClient(event: unknown): string {
  const { multiValueHeaders, multiValueQueryStringParameters } = Object(event);
  return [
    ...Object.entries(Object(multiValueHeaders)).filter(([name]) =>
      clientHeaders.includes(name.toLowerCase()),
    ),
    ...Object.entries(Object(multiValueQueryStringParameters)),
  ]
    .map(([, values]) => String(values).slice(0, searchedLength))
    .join("\n");
}
