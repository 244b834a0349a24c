import { createPublicKey, type KeyObject } from "node:crypto";
import { parseKeySet, type SigningKey } from "./key-set.ts";
import { Refusal } from "./refusal.ts";
import type { AuthorizerSettings } from "./settings.ts";

/** How long one attempt to refresh the keys, good or bad, keeps the next away. */
const cooldownMs = 10_000;
const timeoutMs = 2_000;
const maxBytes = 64 * 1024;

/** A key in the form that aws-jwt-verify reads, and in the one that node:crypto uses. */
export interface VerificationKey {
  readonly jwk: SigningKey;
  keyObject?: KeyObject;
}

/**
 * The pool's public keys. They come with the deployment; a token that names another key causes one refresh, and no
 * more than one in ten seconds, however many such tokens come. The address is the configured issuer's, never a token's.
 */
export class SigningKeys {
  readonly #url: string;
  #keys = new Map<string, VerificationKey>();
  #lastAttemptAt = Number.NEGATIVE_INFINITY;
  #lastAttemptFailed = false;
  #refreshing: Promise<void> | undefined;
  /** Settles when the first fetch of an authorizer that came without keys is over. */
  #started: Promise<void> | undefined;

  constructor({ issuer, signingKeys }: AuthorizerSettings) {
    this.#url = `${issuer}/.well-known/jwks.json`;
    if (signingKeys) this.#adopt(signingKeys);
    else this.#started = this.#start();
  }

  /** The key of that id, after a refresh if need be. */
  async find(kid: string): Promise<VerificationKey> {
    const known = this.#keys.get(kid);
    if (known) return known;
    await this.#started;
    if (!this.#keys.has(kid)) await this.#refresh();
    const refreshed = this.#keys.get(kid);
    if (refreshed) return refreshed;
    // After a failed refresh nobody knows whether the key is good: that is our failure, not the caller's.
    throw new Refusal(this.#lastAttemptFailed ? "keys_unavailable" : "unknown_key");
  }

  /** Lambda may freeze an environment right after INIT, and so break a fetch: a failure of the first does not count. */
  async #start() {
    await this.#refresh();
    if (this.#lastAttemptFailed) this.#lastAttemptAt = Number.NEGATIVE_INFINITY;
  }

  #adopt(keys: readonly SigningKey[]) {
    this.#keys = new Map(keys.map((jwk) => [jwk.kid, { jwk }]));
  }

  #refresh(): Promise<void> {
    const sinceLast = Date.now() - this.#lastAttemptAt;
    // A negative difference is a clock that was set back.
    if (!this.#refreshing && (sinceLast < 0 || sinceLast >= cooldownMs)) {
      this.#lastAttemptAt = Date.now();
      this.#refreshing = fetchText(this.#url)
        .then((text) => {
          this.#adopt(parseKeySet(text));
          this.#lastAttemptFailed = false;
        })
        .catch(() => {
          this.#lastAttemptFailed = true;
        })
        .finally(() => {
          this.#refreshing = undefined;
        });
    }
    return this.#refreshing ?? Promise.resolve();
  }
}

/** The key as node:crypto takes it, made once. */
export function keyObjectOf(key: VerificationKey): KeyObject {
  key.keyObject ??= createPublicKey({ key: { ...key.jwk }, format: "jwk" });
  return key.keyObject;
}

async function fetchText(url: string): Promise<string> {
  // Loaded here, because most environments never fetch.
  const { get } = await import("node:https");
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(timeoutMs), agent: false }, (response) => {
      if (response.statusCode !== 200) {
        request.destroy(new Error(`status ${response.statusCode}`));
        return;
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > maxBytes) request.destroy(new Error("key set too large"));
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
