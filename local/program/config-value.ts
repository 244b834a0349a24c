import { isObject } from "./yaml-file.ts";

/** What the Pulumi CLI hands the program for a value of a YAML file: text as it is, lists and objects as JSON. */
export function configText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) || isObject(value)) return jsonText(value);
  const scalar = plain(value);
  return typeof scalar === "bigint" ? String(asNumber(scalar, 64)) : String(scalar);
}

/** JSON with sorted keys. An integer keeps its digits where it has at most 64 bits with its sign. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${jsonText(value[key])}`).join(",")}}`;
  }
  const scalar = plain(value);
  return typeof scalar === "bigint" ? String(asNumber(scalar, 63)) : JSON.stringify(scalar ?? null);
}

/** The integer itself up to this many bits beside its sign, a floating-point number beyond. */
function asNumber(value: bigint, bits: number): bigint | number {
  return value < 2n ** BigInt(bits) && value >= -(2n ** 63n) ? value : Number(value);
}

/** Dates as Go prints them, like `2020-01-01 00:00:00 +0000 UTC`. */
function plain(value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  const [day, time = ""] = value.toISOString().split("T");
  return `${day} ${time.replace(/(\.\d*?)0*Z$/, "$1").replace(/\.$/, "")} +0000 UTC`;
}
