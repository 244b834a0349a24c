import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { accessToken, now, signingKeys, strangersKeys } from "../tests/token-factory.ts";
import type { BundledAuthorizer, BundledAuthorizers } from "./bundled-authorizers.ts";
import { progress } from "./report.ts";

const script = fileURLToPath(new URL("processes/refusals.cjs", import.meta.url));

/** A token for each check that all authorizers make. */
const badTokens = {
  "forged signature": () => accessToken({}, { kid: signingKeys.access.kid }, strangersKeys.access),
  expired: () => accessToken({ iat: now() - 7200, exp: now() - 3600 }),
  "another issuer": () => accessToken({ iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other" }),
  "another client": () => accessToken({ client_id: "another" }),
  "an ID token": () => accessToken({ token_use: "id" }),
};

/** Makes sure that no authorizer is fast because it checks less. @throws {Error} that names who accepted what */
export async function requireSameChecks(
  authorizers: readonly BundledAuthorizer[],
  { environment, eventFor, folder }: BundledAuthorizers,
): Promise<void> {
  progress("every authorizer refuses every bad token");
  const events = Object.entries(badTokens).map(([name, token]) => [name, eventFor(token())] as const);
  const eventsFile = `${folder}/bad-events.json`;
  writeFileSync(eventsFile, JSON.stringify(Object.fromEntries(events)));
  const expected = events.map(([name]) => `${name}: refused\n`).join("");
  for (const { name, path } of authorizers) {
    const child = spawn(process.execPath, [script, path, eventsFile], {
      env: environment,
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    });
    const answers = await text(child.stdio[3] as Readable);
    if (answers !== expected) throw new Error(`${name} does not refuse what it should:\n${answers}`);
  }
}
