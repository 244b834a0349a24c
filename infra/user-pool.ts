import { get } from "node:https";
import * as pulumi from "@pulumi/pulumi";

const timeoutMs = 10_000;
const maxBytes = 64 * 1024;

/**
 * The `iss` claim of the pool's tokens, like https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI.
 * @param issuerHost `cognito-idp`, or `issuer-cognito-idp` for the newer form
 * @param dnsSuffix of the partition, like amazonaws.com
 */
export function issuerOf(userPoolId: string, issuerHost: string, dnsSuffix: string): string {
  const region = userPoolId.slice(0, userPoolId.indexOf("_"));
  return `https://${issuerHost}.${region}.${dnsSuffix}/${userPoolId}`;
}

/**
 * Reads the pool's public signing keys, to ship them with the authorizer.
 * @returns the JSON Web Key Set (RFC 7517) as compact JSON: RS256 keys only, public members only
 * @throws {pulumi.RunError} if the keys cannot be read or none can verify a token
 */
export async function fetchSigningKeys(issuer: string): Promise<string> {
  const url = `${issuer}/.well-known/jwks.json`;
  try {
    const keys = signingKeys(JSON.parse(await fetchText(url)));
    return JSON.stringify({ keys });
  } catch (error) {
    const { message } = error as Error;
    const set = "npx pulumi config set userPoolId <id of your pool>";
    const advice = message.startsWith("status 4")
      ? `There is no such pool: ${set}`
      : `If the region in its host is not your pool's: ${set}. If this machine cannot reach it, ` +
        "let the authorizer fetch the keys when it starts: npx pulumi config set jwks runtime";
    throw new pulumi.RunError(
      `userPoolId: the pool's signing keys could not be read from ${url}: ${message}. ${advice}`,
    );
  }
}

function signingKeys(keySet: unknown): object[] {
  const { keys } = Object(keySet) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("the answer is not a key set");
  const usable = keys.filter((key) => key?.kty === "RSA" && key.use === "sig" && key.alg === "RS256");
  if (usable.length === 0) throw new Error("the key set has no RS256 signing key");
  // In an order of our own: the same keys in another order are no change.
  const sorted = usable.sort((a, b) => (String(a.kid) < String(b.kid) ? -1 : 1));
  return sorted.map(({ kid, n, e }) => {
    if (![kid, n, e].every((member) => typeof member === "string" && member !== ""))
      throw new Error("a key lacks kid, n or e");
    // What the authorizer would refuse at its start: fewer than 2048 bits, or another exponent than 65537.
    if (n.length < 342 || e !== "AQAB") throw new Error("a key is too weak");
    return { kty: "RSA", use: "sig", alg: "RS256", kid, n, e };
  });
}

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`status ${response.statusCode}`));
        return;
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > maxBytes) request.destroy(new Error(`more than ${maxBytes} bytes`));
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", (error) =>
      reject(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? new Error(`no answer in ${timeoutMs / 1000} s`)
          : error,
      ),
    );
  });
}
