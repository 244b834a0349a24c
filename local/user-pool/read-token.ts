import { notAuthorized } from "./cognito-error.ts";

type Part = Readonly<Record<string, unknown>>;

/** Header and claims of a token, unverified. Throws NotAuthorizedException for what is no token. */
export function readToken(token: string): { readonly header: Part; readonly claims: Part } {
  const [header = "", claims = ""] = token.split(".");
  return { header: decoded(header), claims: decoded(claims) };
}

function decoded(part: string): Part {
  try {
    return { ...JSON.parse(Buffer.from(part, "base64url").toString()) };
  } catch {
    throw notAuthorized("Invalid Access Token");
  }
}
