import { createVerifier } from "fast-jwt";
import buildGetJwks from "get-jwks";
import { allow, bearerToken, checkClient } from "./answer.js";

const { ISSUER: issuer, JWKS_URL: jwksUrl } = process.env;
const { origin: domain, pathname: jwksPath } = new URL(jwksUrl);
const getJwks = buildGetJwks({ jwksPath });
const verify = createVerifier({
  key: ({ header: { kid, alg } }) => getJwks.getPublicKey({ kid, alg, domain }),
  algorithms: ["RS256"],
  allowedIss: issuer,
});

export async function handler(event) {
  const claims = await verify(bearerToken(event));
  checkClient(claims);
  return allow(claims, event);
}
