import { type Attack, refuses } from "../attack-table.ts";
import { claims, header, signed, token } from "../forgery.ts";

const extraMembers: readonly (readonly [string, unknown])[] = [
  ["crit", ["exp"]],
  ["crit", ["b64"]],
  ["crit", ["unheard-of"]],
  ["crit", []],
  ["crit", "exp"],
  ["crit", null],
  ["zip", "DEF"],
  ["b64", false],
  ["b64", true],
  ["cty", "JWT"],
  ["enc", "A256GCM"],
  ["epk", {}],
  ["p2c", 1_000_000_000],
  ["iss", "https://attacker.example"],
  ["exp", 4_102_444_800],
  ["unheard-of", "x"],
  ["ALG", "none"],
  ["Kid", "x"],
  ["", ""],
  ["constructor", {}],
  ["toString", "x"],
  ["length", 3],
];

const wrongTypes: readonly unknown[] = [
  "jwt",
  "Jwt",
  "JWT ",
  "at+jwt",
  "application/jwt",
  "JOSE",
  "JWE",
  "",
  null,
  1,
  false,
  ["JWT"],
  { JWT: "JWT" },
];

refuses("headers with more in them than Cognito sends, signed by the pool", 401, {
  header_not_allowed: [
    ...extraMembers.map(
      ([member, value]): Attack => [
        `the header member ${JSON.stringify({ [member]: value })}`,
        () => token({}, { [member]: value }),
      ],
    ),
    ["b64 false that crit names", () => token({}, { b64: false, crit: ["b64"] })],
    ["a __proto__ member", () => signed(withText('"__proto__":{"alg":"RS256"}'), claims())],
    ...wrongTypes.map((typ): Attack => [`typ ${JSON.stringify(typ)}`, () => token({}, { typ })]),
    ["a second typ", () => signed(withText('"typ":"JWT","typ":"JWE"'), claims())],
  ],
  invalid_key_id: [["a second kid that is null", () => signed(withText('"kid":null'), claims())]],
  unknown_key: [["a second kid", () => signed(withText('"kid":"other"'), claims())]],
  algorithm_not_allowed: [
    ["a second alg", () => signed(withText('"alg":"HS256"'), claims())],
    ["alg and kid in __proto__ alone", () => signed(`{"__proto__":${text}}`, claims())],
    ["an empty header", () => signed({}, claims())],
  ],
});

const text = JSON.stringify(header());

/** The header's text with more members behind its own. */
function withText(members: string): string {
  return text.replace(/}$/, `,${members}}`);
}

const notObjects: readonly (readonly [string, string | Buffer])[] = [
  ["an array", `[${text}]`],
  ["an empty array", "[]"],
  ["null", "null"],
  ["a string", JSON.stringify(text)],
  ["a number", "256"],
  ["true", "true"],
  ["white space", "  "],
  ["no JSON", "alg=RS256"],
  ["single quotes", text.replaceAll('"', "'")],
  ["a comment", text.replace("{", "{/**/")],
  ["a trailing comma", text.replace(/}$/, ",}")],
  ["JSON and more behind it", `${text}{}`],
  ["JSON and NUL behind it", `${text}\0`],
  ["JSON that ends early", text.slice(0, -1)],
  ["a byte order mark before it", `\uFEFF${text}`],
  ["UTF-16", Buffer.from(text, "utf16le")],
  [
    "a byte that is no UTF-8",
    Buffer.concat([Buffer.from(text.replace(/"}$/, "")), Buffer.from([0xff]), Buffer.from('"}')]),
  ],
  ["a hundred brackets", "[".repeat(100)],
  ["deep nesting", `${'{"a":'.repeat(300)}1${"}".repeat(300)}`.slice(0, -1)],
];

refuses("headers that are no JSON object, signed by the pool", 401, {
  malformed_header: notObjects.map(
    ([name, content]): Attack => [`a header that is ${name}`, () => signed(content, claims())],
  ),
});
