import { createPublicKey } from "node:crypto";
import { verifyJwtSync } from "aws-jwt-verify/jwt-verifier";
import { bearerToken } from "./answer.js";

const { ISSUER: issuer, JWKS } = process.env;
const { keys } = JSON.parse(JWKS);
const keyObjects = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: "jwk" })]));
const options = { issuer, audience: null };

// As in the authorizer: what is thrown and caught inside of Node.js gets no stack trace.
Error.stackTraceLimit = 0;

/** aws-jwt-verify alone, called as the authorizer calls it. */
export async function handler(event) {
  verifyJwtSync(bearerToken(event), { keys }, options, ({ kid }) => keyObjects.get(kid));
}
