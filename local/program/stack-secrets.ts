import { execFileSync } from "node:child_process";
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { OperatorError } from "../operator-error.ts";
import { isObject, readText } from "./yaml-file.ts";

/** Where encrypted values come from, and what is needed to read them. */
export interface EncryptedStack {
  readonly file: string;
  readonly stack: string;
  readonly rootDirectory: string;
  /** The member `encryptionsalt` of the file, which stacks with a passphrase have. */
  readonly salt: unknown;
}

/** Values by full key. */
type Settings = Readonly<Record<string, unknown>>;

/** As in Pulumi's sdk/go/common/resource/config/crypt.go. */
const rounds = 1_000_000;
const keyBytes = 32;
const tagBytes = 16;

/** Keys by salt and passphrase: deriving one takes about half a second. */
const keys = new Map<string, Buffer>();

/** Values that the Pulumi CLI has decrypted, by what they were. */
const answers = new Map<string, Settings>();

/** Whether the value is encrypted, or holds one that is. */
export function isEncrypted(value: unknown): boolean {
  if (ciphertextOf(value) !== undefined) return true;
  if (Array.isArray(value)) return value.some(isEncrypted);
  return isObject(value) && Object.values(value).some(isEncrypted);
}

/**
 * The same settings with plain values: decrypted here with the stack's passphrase, or by the Pulumi CLI if the stack
 * has none.
 * @throws {OperatorError} that names the encrypted keys and how to go on
 */
export function decryptSettings(settings: Settings, stack: EncryptedStack): Settings {
  const encrypted = Object.fromEntries(Object.entries(settings).filter(([, value]) => isEncrypted(value)));
  if (Object.keys(encrypted).length === 0) return settings;
  return { ...settings, ...(stack.salt ? withPassphrase(encrypted, stack) : withCli(encrypted, stack)) };
}

function withPassphrase(settings: Settings, { file, salt }: EncryptedStack): Settings {
  const passphrase = readPassphrase();
  if (passphrase === undefined)
    throw new OperatorError(
      `${file}: ${encryptedKeys(settings)}: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or give ${valuesOf(settings)}`,
    );
  const key = keyOf(file, String(salt), passphrase);
  const plain = (value: unknown): unknown => {
    const ciphertext = ciphertextOf(value);
    if (ciphertext !== undefined) return decrypt(key, ciphertext);
    if (Array.isArray(value)) return value.map(plain);
    return isObject(value) ? mapValues(value, plain) : value;
  };
  return mapValues(settings, (value, name) => {
    try {
      return plain(value);
    } catch {
      throw new OperatorError(`${file}: ${name} was not encrypted with the stack's passphrase: set it again`);
    }
  });
}

/** As the CLI looks for it: the variable first, which may be empty, then the file that the other one names. */
function readPassphrase(): string | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  return passphrase ?? (file ? readText(file).trim() : undefined);
}

/** The key of a salt like `v1:<salt>:<the encrypted word pulumi>`. */
function keyOf(file: string, salt: string, passphrase: string): Buffer {
  const known = keys.get(`${salt} ${passphrase}`);
  if (known) return known;
  const [, bytes, check] = /^v1:([^:]+):(v1:.+)$/.exec(salt) ?? [];
  if (bytes === undefined || check === undefined)
    throw new OperatorError(`${file}: encryptionsalt has a form that local mode does not know`);
  const key = pbkdf2Sync(passphrase, Buffer.from(bytes, "base64"), rounds, keyBytes, "sha256");
  if (!fits(key, check))
    throw new OperatorError(
      `${file}: the passphrase in PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE is not the one of this stack`,
    );
  keys.set(`${salt} ${passphrase}`, key);
  return key;
}

function fits(key: Buffer, check: string): boolean {
  try {
    return decrypt(key, check) === "pulumi";
  } catch {
    return false;
  }
}

/** @param ciphertext like `v1:<nonce>:<AES-256-GCM's output and its tag>`, in Base64 */
function decrypt(key: Buffer, ciphertext: string): string {
  const [version, nonce = "", text = ""] = ciphertext.split(":");
  if (version !== "v1") throw new Error(`version ${version}`);
  const bytes = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString();
}

/** Asks the Pulumi CLI, which knows the key services and Pulumi Cloud, once for the same values. */
function withCli(settings: Settings, { file, stack, rootDirectory }: EncryptedStack): Settings {
  const question = JSON.stringify([rootDirectory, stack, Object.entries(settings)], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  const known = answers.get(question);
  if (known) return known;
  const cli = findCli();
  if (!cli)
    throw new OperatorError(
      `${file}: ${encryptedKeys(settings)} without a passphrase: put the Pulumi CLI on the PATH and log in, or give ${valuesOf(settings)}`,
    );
  const answer = askCli(cli, { file, stack, rootDirectory }, settings);
  const plain = mapValues(settings, (_, key) => {
    const { value, objectValue = value } = answer[key] ?? {};
    if (objectValue === undefined) throw new OperatorError(`${file}: ${cli} does not know ${key}`);
    return objectValue;
  });
  answers.set(question, plain);
  return plain;
}

type CliAnswer = Readonly<Record<string, { readonly value?: string; readonly objectValue?: unknown }>>;

function askCli(
  cli: string,
  { file, stack, rootDirectory }: Omit<EncryptedStack, "salt">,
  settings: Settings,
): CliAnswer {
  const command = ["config", "--show-secrets", "--json", "--non-interactive", "--stack", stack];
  try {
    return JSON.parse(execFileSync(cli, command, { cwd: rootDirectory, encoding: "utf8", stdio: "pipe" }));
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    const [reason] = (stderr.trim() || message).split("\n");
    throw new OperatorError(
      `${file}: ${encryptedKeys(settings)}, and pulumi config --show-secrets says "${reason}": solve that, or give ${valuesOf(settings)}`,
    );
  }
}

/** The CLI of the machine. The npm package `pulumi` downloads one when it is called, so its commands do not count. */
function findCli(): string | undefined {
  const name = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !/node_modules[\\/]\.bin$/.test(folder))
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/** An encrypted value is an object of one member, like `secure: v1:…`. */
function ciphertextOf(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  return typeof value.secure === "string" ? value.secure : undefined;
}

/** Like `sample:a and sample:b are encrypted`. */
function encryptedKeys(settings: Settings): string {
  const names = Object.keys(settings);
  return `${new Intl.ListFormat("en").format(names)} ${names.length > 1 ? "are" : "is"} encrypted`;
}

/** What gives these values instead. */
function valuesOf(settings: Settings): string {
  const names = Object.keys(settings);
  return `${names.length > 1 ? "them" : "it"} with ${names.map((name) => `--config ${name}=<value>`).join(" ")}`;
}

function mapValues(values: Settings, map: (value: unknown, key: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}
