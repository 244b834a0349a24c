import assert from "node:assert/strict";
import {
  constants,
  createHash,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, it } from "mocha";
import { decodeToken } from "../../functions/authorizer/token-form.ts";
import { signingKeys } from "../token-factory.ts";
import { type BuiltAuthorizer, loadAuthorizer } from "./built-authorizer.ts";
import { connectRequest, withToken } from "./connect-request.ts";
import { partsOf, token } from "./forgery.ts";

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: "valid" | "invalid";
  readonly flags: readonly string[];
}

interface Group {
  readonly comment: string;
  readonly public?: JsonWebKey & { readonly keys?: readonly JsonWebKey[] };
  readonly tests: readonly Vector[];
}

const { testGroups: signatureGroups } = readVectors<{ testGroups: Group[] }>("json_web_signature_test.json");
const { testGroups: keyGroups } = readVectors<{ testGroups: Group[] }>("json_web_key_test.json");
const rs256Groups = signatureGroups.filter((group) => group.public?.alg === "RS256");
const wycheproofKey = publicKeyOf(rs256Groups[0]);

function readVectors<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8"));
}

function publicKeyOf(group: Group | undefined): KeyObject {
  return createPublicKey({ key: group?.public ?? {}, format: "jwk" });
}

/** The call with which aws-jwt-verify checks a signature, which its public functions make only for JSON payloads. */
interface SignatureCheck {
  readonly alg: string;
  readonly keyObject: KeyObject;
  readonly jwsSigningInput: string;
  readonly signature: string;
}
const internals = new URL(
  "../../node_modules/aws-jwt-verify/dist/esm/node-web-compat-node.js",
  import.meta.url,
);
const { verifySignatureSync } = (await import(internals.href)).nodeWebCompat as {
  verifySignatureSync(check: SignatureCheck): boolean;
};

function hasGoodSignature(jws: string, keyObject: KeyObject): boolean {
  const [head, payload, signature] = partsOf(jws);
  return verifySignatureSync({ alg: "RS256", keyObject, jwsSigningInput: `${head}.${payload}`, signature });
}

describe("Wycheproof's RS256 vectors", () => {
  const vectors = rs256Groups.flatMap((group) => group.tests.map((vector) => ({ group, vector })));

  it("are 233, of which 8 are valid", () => {
    assert.equal(vectors.length, 233);
    assert.equal(vectors.filter(({ vector }) => vector.result === "valid").length, 8);
  });

  for (const { group, vector } of vectors) {
    const { tcId, comment, jws, result } = vector;
    // All payloads are text and not claims, so that the handler's own answer is no for the valid ones too.
    if (partsOf(jws).filter(Boolean).length === 3 && partsOf(jws).length === 3)
      it(`${tcId} ${comment}: the library's signature check, without the fence, says ${result}`, () => {
        assert.equal(hasGoodSignature(jws, publicKeyOf(group)), result === "valid");
      });
    else if (result === "invalid")
      it(`${tcId} ${comment}: the fence refuses its form, so that the library never sees it`, () => {
        assert.throws(() => decodeToken(jws), { reason: "malformed_token", status: 401 });
      });
  }
});

describe("the handler, with Wycheproof's key as the pool's", () => {
  let authorizer: BuiltAuthorizer;
  before(() => {
    const keys = [{ ...rs256Groups[0]?.public, use: "sig" }];
    authorizer = loadAuthorizer({ JWKS: JSON.stringify({ keys }) });
  });

  it("refuses each of the 401 vectors of every algorithm, as none carries a pool's claims", async () => {
    const tokens = signatureGroups.flatMap((group) => group.tests).map((vector) => vector.jws);
    assert.equal(tokens.length, 401);
    for (const text of tokens)
      assert.equal((await authorizer.decide(connectRequest({}, { token: [text] }))).status, 401, text);
  });
});

const keySize = 256;
const raw = constants.RSA_NO_PADDING;

/** The padded hash that a signature of Wycheproof's key stands for. */
function paddedHash({ jws }: Vector): Buffer {
  return publicDecrypt({ key: wycheproofKey, padding: raw }, Buffer.from(partsOf(jws)[2], "base64url"));
}

function hashOf(text: string): Buffer {
  const [head, payload] = partsOf(text);
  return createHash("sha256").update(`${head}.${payload}`).digest();
}

/** A token of the pool, with that padding in its signature: only the hash in it is the token's own. */
function transplanted(vector: Vector): string {
  const text = token();
  const padded = paddedHash(vector);
  hashOf(text).copy(padded, padded.indexOf(hashOf(vector.jws)));
  const signature = privateEncrypt({ key: signingKeys.access.privateKey, padding: raw }, padded);
  return `${partsOf(text).slice(0, 2).join(".")}.${signature.toString("base64url")}`;
}

describe("Wycheproof's paddings, signed over a good token with the pool's key", () => {
  const transplantable = (rs256Groups[0]?.tests ?? []).filter(
    (vector) =>
      (vector.flags.includes("ModifiedPadding") || vector.result === "valid") &&
      Buffer.from(partsOf(vector.jws)[2], "base64url").length === keySize &&
      paddedHash(vector).includes(hashOf(vector.jws)),
  );
  let authorizer: BuiltAuthorizer;
  before(() => {
    authorizer = loadAuthorizer();
  });

  it("are 198, one of them valid", () => {
    assert.equal(transplantable.length, 198);
    assert.equal(transplantable.filter((vector) => vector.result === "valid").length, 1);
  });

  for (const vector of transplantable)
    it(`${vector.tcId} ${vector.comment}: the handler says ${vector.result}`, async () => {
      const { reason } = await authorizer.decide(withToken(transplanted(vector)));
      assert.equal(reason, vector.result === "valid" ? "allowed" : "invalid_signature");
    });
});

describe("Wycheproof's keys", () => {
  const jwksOf = (comment: string, groups = keyGroups) => {
    const keys = groups.find((group) => group.comment === comment && group.tests[0]?.result === "invalid");
    assert.ok(keys?.public, comment);
    return JSON.stringify(keys.public.keys ? keys.public : { keys: [keys.public] });
  };
  const refused: readonly (readonly [string, string, string])[] = [
    ["of 1,024 bits", jwksOf("keysize_too_small"), "weak key"],
    ["with the public exponent 1", jwksOf("exponentOne"), "weak key"],
    ["for encryption, by alg and use", jwksOf("rs256"), "no RS256 signing key"],
    ["for encryption, by use", jwksOf("rsa_encryption", signatureGroups), "no RS256 signing key"],
    ["of an elliptic curve", jwksOf("wrong_algorithm"), "no RS256 signing key"],
  ];
  for (const [name, jwks, problem] of refused)
    it(`the authorizer does not start with a key ${name}`, () => {
      assert.throws(() => loadAuthorizer({ JWKS: jwks }), {
        message: `environment variable JWKS is malformed: key set: ${problem}`,
      });
    });
});

describe("RFC 7515, Appendix A.2", () => {
  const { jwk, jws } = readVectors<{ jwk: JsonWebKey; jws: string }>("rfc7515_a2.json");
  const keyObject = createPublicKey({ key: jwk, format: "jwk" });

  it("has a good signature in the eyes of the library", () => {
    assert.equal(hasGoodSignature(jws, keyObject), true);
  });

  it("has a bad one once a character of it is changed", () => {
    const [head, payload, signature] = partsOf(jws);
    for (const [from, to] of [
      [signature, `d${signature.slice(1)}`],
      [payload, `f${payload.slice(1)}`],
      [head, `f${head.slice(1)}`],
    ] as const)
      assert.equal(hasGoodSignature(jws.replace(from, to), keyObject), false);
  });

  it("is refused by the handler with that key as the pool's: it names no key", async () => {
    const keys = [{ ...jwk, kid: "a2", alg: "RS256", use: "sig" }];
    const authorizer = loadAuthorizer({ JWKS: JSON.stringify({ keys }) });
    const { status, reason } = await authorizer.decide(withToken(jws));
    assert.deepEqual([status, reason], [401, "invalid_key_id"]);
  });
});
