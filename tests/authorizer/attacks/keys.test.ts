import { publicJwk } from "../../../local/user-pool/signing-keys.ts";
import { signingKeys, strangersKeys } from "../../token-factory.ts";
import { type Attack, refuses } from "../attack-table.ts";
import { claims, header, signed, token } from "../forgery.ts";

const { id, access } = signingKeys;
const stranger = strangersKeys.access;
const strangersCertificate = stranger.publicKey.export({ type: "spki", format: "der" }).toString("base64");

const unknownKids = [
  "unknown",
  stranger.kid,
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "0",
  "size",
  `${access.kid} `,
  ` ${access.kid}`,
  `${access.kid}\0`,
  access.kid.slice(0, -1),
  access.kid.toLowerCase(),
  "../../../../dev/null",
  "https://attacker.example/key",
  "' OR '1'='1",
  "x".repeat(128),
];

const noKids: readonly unknown[] = [
  undefined,
  null,
  "",
  0,
  1,
  true,
  [],
  [access.kid],
  {},
  { kid: access.kid },
  "x".repeat(129),
  "x".repeat(2000),
];

const named = (kid: unknown) => {
  const text = JSON.stringify(kid) ?? "";
  return text.length < 80 ? `kid ${text}` : `a kid of ${(kid as string).length} characters`;
};

refuses("key ids, on tokens that the pool signed", 401, {
  unknown_key: unknownKids.map((kid): Attack => [named(kid), () => token({}, { kid })]),
  invalid_key_id: noKids.map(
    (kid): Attack => [kid === undefined ? "a missing kid" : named(kid), () => token({}, { kid })],
  ),
});

refuses("keys of others", 401, {
  invalid_signature: [
    ["the access key's signature under the ID key's kid", () => token({}, { kid: id.kid })],
    ["the ID key's signature under the access key's kid", () => signed(header(), claims(), id)],
    ["a stranger's signature under the pool's kid", () => signed(header(), claims(), stranger)],
  ],
  unknown_key: [
    [
      "a stranger's signature under its own kid",
      () => signed(header({ kid: stranger.kid }), claims(), stranger),
    ],
  ],
});

const injections: readonly (readonly [string, unknown])[] = [
  ["jwk", publicJwk(stranger)],
  ["jku", "https://attacker.example/.well-known/jwks.json"],
  ["x5u", "https://attacker.example/certificate.pem"],
  ["x5c", [strangersCertificate]],
  ["x5t", "dGh1bWJwcmludA"],
  ["x5t#S256", "dGh1bWJwcmludA"],
];

refuses("keys that come with the token", 401, {
  header_not_allowed: injections.flatMap(([member, value]): Attack[] => [
    [
      `${member}, signed by the stranger that it names`,
      () => signed(header({ kid: stranger.kid, [member]: value }), claims(), stranger),
    ],
    [`${member} under the pool's kid`, () => signed(header({ [member]: value }), claims(), stranger)],
    [`${member}, signed by the pool`, () => token({}, { [member]: value })],
  ]),
});
