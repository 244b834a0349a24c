import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { canonicalRequest, header, payloadHash, type SignedRequest } from "./canonical-request.ts";

export type { SignedRequest } from "./canonical-request.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The service and region that a signature is good for, like `execute-api` in `eu-west-1`. */
export interface SigningScope {
  readonly service: string;
  readonly region: string;
  readonly now: Date;
}

/** A refusal: the value for `x-amzn-ErrorType`, and the message as AWS words it. */
export interface SignatureError {
  readonly error:
    | "MissingAuthenticationTokenException"
    | "IncompleteSignatureException"
    | "UnrecognizedClientException"
    | "InvalidSignatureException";
  readonly message: string;
}

const algorithm = "AWS4-HMAC-SHA256";

/** How far a signature's time may be from ours: services answer "5 min." although the documentation says 15. */
const maxSkewMinutes = 5;

/** Headers that clients and proxies add or change after the signing, so that no AWS client signs them. */
const unsignedHeaders = new Set([
  "authorization",
  "connection",
  "expect",
  "transfer-encoding",
  "user-agent",
  "x-amzn-trace-id",
]);

class Refusal extends Error {
  readonly error: SignatureError["error"];

  constructor(error: SignatureError["error"], message: string) {
    super(message);
    this.error = error;
  }
}

/**
 * Checks the Signature Version 4 in a request's `Authorization` header and tells whose key made it.
 * Presigned URLs are not supported and count as unsigned.
 */
export function verifySignature(
  request: SignedRequest,
  scope: SigningScope & { readonly findCredentials: (accessKeyId: string) => Credentials | undefined },
): { readonly accessKeyId: string } | SignatureError {
  try {
    const { accessKeyId, credentialScope, signedHeaders, signature } = readAuthorization(request);
    const timestamp = readTimestamp(request);
    if (!signedHeaders.includes("host")) {
      throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    const credentials = checkCredentials(request, scope.findCredentials(accessKeyId));
    checkScope(credentialScope, timestamp, scope);
    checkAge(timestamp, scope.now);
    const expected = calculateSignature(request, { ...scope, signedHeaders, timestamp, credentials });
    if (!isGivenPayloadHashRight(request) || !areSame(signature, expected)) {
      throw invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      );
    }
    return { accessKeyId };
  } catch (refusal) {
    if (refusal instanceof Refusal) return { error: refusal.error, message: refusal.message };
    throw refusal;
  }
}

/**
 * Returns the headers to add to a request (`authorization`, `x-amz-date`, `x-amz-security-token`) so that it is
 * signed, with every header it has that may be signed. The request must have a `host` header.
 */
export function signRequest(
  request: SignedRequest,
  scope: SigningScope & { readonly credentials: Credentials },
): Record<string, string> & { readonly authorization: string } {
  const { credentials, service, region } = scope;
  const timestamp = basicIsoTime(scope.now);
  const added = {
    "x-amz-date": timestamp,
    ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
  };
  const headers = { ...request.headers, ...added };
  const signedHeaders = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && !unsignedHeaders.has(name))
    .map(([name]) => name)
    .sort();
  const signature = calculateSignature({ ...request, headers }, { ...scope, signedHeaders, timestamp });
  const credential = [credentials.accessKeyId, timestamp.slice(0, 8), region, service, "aws4_request"].join(
    "/",
  );
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return { ...added, authorization };
}

function invalid(message: string): Refusal {
  return new Refusal("InvalidSignatureException", message);
}

function incomplete(message: string): Refusal {
  return new Refusal("IncompleteSignatureException", message);
}

function readAuthorization(request: SignedRequest) {
  const authorization = header(request, "authorization")?.trim();
  if (!authorization) {
    throw new Refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const [scheme = "", ...fields] = authorization.split(/[\s,]+/);
  const parameters = new Map<string, string>();
  for (const field of fields) {
    const equals = field.indexOf("=");
    if (equals < 1) {
      throw incomplete(
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest(authorization)}'.`,
      );
    }
    parameters.set(field.slice(0, equals), field.slice(equals + 1));
  }
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parameters.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (sentDate(request) === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length > 0) {
    throw incomplete(
      `${missing.join(" ")} (Hashed with SHA-256 and encoded with Base64) Authorization=${digest(authorization)}`,
    );
  }
  if (scheme !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`);
  return { ...readCredential(parameters.get("Credential") ?? ""), ...readSigned(parameters) };
}

function readCredential(credential: string) {
  const [accessKeyId = "", ...credentialScope] = credential.split("/");
  if (credentialScope.length !== 4) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  return { accessKeyId, credentialScope };
}

function readSigned(parameters: ReadonlyMap<string, string>) {
  const signedHeaders = (parameters.get("SignedHeaders") ?? "").toLowerCase().split(";").sort();
  return { signedHeaders, signature: parameters.get("Signature") ?? "" };
}

function sentDate(request: SignedRequest): string | undefined {
  return header(request, "x-amz-date") ?? header(request, "date");
}

function readTimestamp(request: SignedRequest): string {
  const date = sentDate(request) ?? "";
  const isHttpDate = header(request, "x-amz-date") === undefined && /^\w{3}, \d\d \w{3} \d{4} /.test(date);
  const timestamp = isHttpDate && !Number.isNaN(Date.parse(date)) ? basicIsoTime(new Date(date)) : date;
  if (Number.isNaN(instantOf(timestamp))) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  return timestamp;
}

function checkCredentials(request: SignedRequest, credentials: Credentials | undefined): Credentials {
  const token = header(request, "x-amz-security-token") ?? "";
  if (credentials === undefined || !areSame(token, credentials.sessionToken ?? "")) {
    throw new Refusal(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }
  return credentials;
}

function checkScope(credentialScope: readonly string[], timestamp: string, expected: SigningScope): void {
  const [date, region, service, terminator] = credentialScope;
  const day = timestamp.slice(0, 8);
  const faults = [
    date !== day &&
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${timestamp}'.`,
    region !== expected.region && "Credential should be scoped to a valid region.",
    service !== expected.service && `Credential should be scoped to correct service: '${expected.service}'.`,
    terminator !== "aws4_request" &&
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw invalid(faults.join(" "));
}

function checkAge(timestamp: string, now: Date): void {
  const skewMs = maxSkewMinutes * 60_000;
  const signedAt = instantOf(timestamp);
  const earliest = new Date(now.getTime() - skewMs);
  const latest = new Date(now.getTime() + skewMs);
  if (signedAt < earliest.getTime()) {
    throw invalid(
      `Signature expired: ${timestamp} is now earlier than ${basicIsoTime(earliest)} (${basicIsoTime(now)} - ${maxSkewMinutes} min.)`,
    );
  }
  if (signedAt > latest.getTime()) {
    throw invalid(
      `Signature not yet current: ${timestamp} is still later than ${basicIsoTime(latest)} (${basicIsoTime(now)} + ${maxSkewMinutes} min.)`,
    );
  }
}

interface SignatureInput extends SigningScope {
  readonly signedHeaders: readonly string[];
  readonly timestamp: string;
  readonly credentials: Credentials;
}

function calculateSignature(request: SignedRequest, input: SignatureInput): string {
  const { service, region, timestamp, credentials, signedHeaders } = input;
  const day = timestamp.slice(0, 8);
  const canonicalHash = createHash("sha256").update(canonicalRequest(request, signedHeaders)).digest("hex");
  const stringToSign = [algorithm, timestamp, `${day}/${region}/${service}/aws4_request`, canonicalHash].join(
    "\n",
  );
  const key = [day, region, service, "aws4_request"].reduce<Buffer | string>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  return createHmac("sha256", key).update(stringToSign).digest("hex");
}

function isGivenPayloadHashRight(request: SignedRequest): boolean {
  const given = header(request, "x-amz-content-sha256");
  return given === undefined || given === payloadHash(request);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function areSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

function basicIsoTime(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function instantOf(timestamp: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
