import { CognitoJwtVerifier } from "aws-jwt-verify";
import { allow, bearerToken } from "./answer.js";

const { ISSUER: issuer, CLIENT_IDS: clientIds, JWKS: keys } = process.env;
const verifier = CognitoJwtVerifier.create({
  userPoolId: issuer.slice(issuer.lastIndexOf("/") + 1),
  clientId: JSON.parse(clientIds),
  tokenUse: "access",
});
verifier.cacheJwks(JSON.parse(keys));

export async function handler(event) {
  return allow(await verifier.verify(bearerToken(event)), event);
}
