import { decode, verify } from "jsonwebtoken";
import jwksClient from "jwks-rsa";
import { allow, bearerToken, checkClient } from "./answer.js";

const { ISSUER: issuer, JWKS_URL: jwksUri } = process.env;
const client = jwksClient({ jwksUri });

export async function handler(event) {
  const token = bearerToken(event);
  const key = await client.getSigningKey(decode(token, { complete: true })?.header.kid);
  const claims = verify(token, key.getPublicKey(), { issuer, algorithms: ["RS256"] });
  checkClient(claims);
  return allow(claims, event);
}
