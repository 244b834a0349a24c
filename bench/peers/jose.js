import { createRemoteJWKSet, jwtVerify } from "jose";
import { allow, bearerToken, checkClient } from "./answer.js";

const { ISSUER: issuer, JWKS_URL: jwksUrl } = process.env;
const keys = createRemoteJWKSet(new URL(jwksUrl));

export async function handler(event) {
  const { payload } = await jwtVerify(bearerToken(event), keys, { issuer, algorithms: ["RS256"] });
  checkClient(payload);
  return allow(payload, event);
}
