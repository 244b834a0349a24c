import { type Attack, refuses } from "../attack-table.ts";
import { connectRequest } from "../connect-request.ts";
import { claims, encode, header, partsOf, signed, token, tokenOfLength } from "../forgery.ts";

const [head, payload, signature] = ["eyJ", "eyJ", "AAAA"];

/** In the query, which takes any characters. */
const inQuery = (text: string) => connectRequest({}, { token: [text] });

const serialized = {
  payload: encode(claims()),
  protected: encode(header()),
  signature: "AAAA",
};

refuses("shapes that are no compact JWS", 401, {
  malformed_token: [
    ["one part", () => "abc"],
    ["two parts", () => partsOf(token()).slice(0, 2).join(".")],
    ["the last two parts", () => partsOf(token()).slice(1).join(".")],
    ["four parts", () => `${token()}.AAAA`],
    ["five parts", () => `${token()}.AAAA.AAAA`],
    ["a trailing dot", () => `${token()}.`],
    ["a leading dot", () => `.${token()}`],
    ["a dot", () => "."],
    ["two dots", () => ".."],
    ["three dots", () => "..."],
    ["four thousand dots", () => ".".repeat(4000)],
    ["an empty header", () => changed(0, "")],
    ["an empty payload", () => changed(1, "")],
    ["an empty signature", () => changed(2, "")],
    ["a detached payload", () => `${partsOf(token())[0]}..${partsOf(token())[2]}`],
    ["the word null", () => "null"],
    ["the word undefined", () => "undefined"],
    ["an emoji", () => inQuery("🔑.🔑.🔑")],
    ["half of a surrogate pair", () => inQuery("\uD83D.\uD83D.\uD83D")],
    ["an empty query parameter", () => inQuery("")],
    ["NUL alone", () => inQuery("\0")],
    ["NUL between the parts", () => inQuery(partsOf(token()).join("\0.\0"))],
    [
      "the JSON serialization",
      () => inQuery(JSON.stringify({ payload, signatures: [{ protected: head, signature }] })),
    ],
    ["the flattened JSON serialization", () => inQuery(JSON.stringify(serialized))],
    ["a token in quotes", () => inQuery(`"${token()}"`)],
    ["a token in an array", () => inQuery(`["${token()}"]`)],
    ["a token after its name", () => inQuery(`token=${token()}`)],
    ["an escaped dot", () => inQuery(token().replaceAll(".", "%2e"))],
    ["a full-width dot", () => inQuery(token().replaceAll(".", "．"))],
    ["a PASETO", () => inQuery("v4.public.eyJzdWIiOiJ4In0")],
    ["a SAML assertion", () => inQuery("<saml:Assertion/>")],
    ["an API key", () => inQuery("AKIAIOSFODNN7EXAMPLE")],
  ],
  malformed_authorization: [
    ["a token that breaks the line", () => `${token()}\r\nX-Injected: 1`],
    ["a JSON serialization with commas", () => JSON.stringify(serialized)],
  ],
  token_too_long: [
    ["a good token of 4,097 characters", () => tokenOfLength(4097)],
    ["a good token of 8 kB", () => token({ padding: "x".repeat(5000) })],
    ["a good token of 60 kB", () => token({ padding: "x".repeat(44_000) })],
    ["a token of a megabyte", () => `${"A".repeat(1_000_000)}.AAAA.AAAA`],
    ["100,000 dots", () => ".".repeat(100_000)],
    ["4,097 dots", () => ".".repeat(4097)],
    ["60 kB without a dot", () => "A".repeat(60_000)],
    ["60 kB of what is no base64", () => inQuery("🔑".repeat(15_000))],
    ["a signature of 60 kB", () => changed(2, "A".repeat(60_000))],
    ["60 kB of header", () => signed({ ...header(), crit: ["x".repeat(45_000)] }, claims())],
  ],
});

function changed(at: number, part: string): string {
  return partsOf(token())
    .map((old, i) => (i === at ? part : old))
    .join(".");
}

const text = JSON.stringify(claims());
const broken = (bytes: readonly number[]) =>
  Buffer.concat([Buffer.from(text.replace(/"}$/, "")), Buffer.from(bytes), Buffer.from('"}')]);

const notObjects: readonly (readonly [string, string | Buffer])[] = [
  ["an array", `[${text}]`],
  ["an empty array", "[]"],
  ["null", "null"],
  ["a string", JSON.stringify(text)],
  ["a number", "42"],
  ["false", "false"],
  ["white space", " "],
  ["no JSON", "foo"],
  ["a nested token", "eyJhbGciOiJub25lIn0.e30."],
  ["single quotes", text.replaceAll('"', "'")],
  ["a trailing comma", text.replace(/}$/, ",}")],
  ["JSON and more behind it", `${text}{}`],
  ["JSON and NUL behind it", `${text}\0`],
  ["JSON that ends early", text.slice(0, -1)],
  ["NaN for a time", text.replace(/"exp":\d+/, '"exp":NaN')],
  ["Infinity for a time", text.replace(/"exp":\d+/, '"exp":Infinity')],
  ["a byte order mark before it", `\uFEFF${text}`],
  ["UTF-16", Buffer.from(text, "utf16le")],
  ["UTF-8 that no encoder writes", broken([0xc0, 0xaf])],
  ["a UTF-8 surrogate", broken([0xed, 0xa0, 0x80])],
  ["half a UTF-8 character", broken([0xe2, 0x82])],
  ["a byte that is no UTF-8", broken([0xff])],
  ["a line end in a string", text.replace('"alice"', '"al\nice"')],
  ["a thousand brackets", "[".repeat(1000)],
  ["a thousand arrays", `${"[".repeat(1000)}${"]".repeat(1000)}`],
];

refuses("payloads that are no JSON object, signed by the pool", 401, {
  malformed_payload: notObjects.map(
    ([name, content]): Attack => [`a payload that is ${name}`, () => signed(header(), content)],
  ),
  wrong_issuer: [
    ["a payload of deep nesting", () => signed(header(), `${'{"a":'.repeat(400)}1${"}".repeat(400)}`)],
    ["a payload of toString and valueOf", () => signed(header(), { toString: 1, valueOf: 1, toJSON: 1 })],
  ],
});
