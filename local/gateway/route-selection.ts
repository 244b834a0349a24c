/**
 * The route key that a route selection expression gives for a message. `$request.body.a.b` reads a member of a JSON
 * body; `${request.body.a}` does the same between static text. A missing member is an empty string.
 * @returns undefined for a body that is not a JSON object, which only `$default` takes
 */
export function selectRouteKey(expression: string, body: string): string | undefined {
  const parsed = parseObject(body);
  if (!parsed) return undefined;
  if (expression.startsWith("$request.body."))
    return member(parsed, expression.slice("$request.body.".length));
  return expression.replace(/\$\{request\.body\.([^}]+)\}/g, (_, path: string) => member(parsed, path));
}

function parseObject(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function member(value: unknown, path: string): string {
  for (const name of path.split("."))
    value = typeof value === "object" && Object.hasOwn(Object(value), name) ? Object(value)[name] : undefined;
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
