export type Claims = Readonly<Record<string, unknown>>;

/** The three parts of a token as they are sent. */
export function partsOf(token: string): [header: string, payload: string, signature: string] {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Error("a token has three parts of base64url");
  return token.split(".") as [string, string, string];
}

/** What a token's header says. */
export function headerOf(token: string): Claims {
  return decode(partsOf(token)[0]);
}

/** What a token claims: nothing is verified. */
export function claimsOf(token: string): Claims {
  return decode(partsOf(token)[1]);
}

function decode(part: string): Claims {
  const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
  if (typeof value !== "object" || value === null) throw new Error("it is no JSON object");
  return value as Claims;
}
