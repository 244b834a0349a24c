import { type Attack, refuses } from "../attack-table.ts";
import { startSeconds as now } from "../built-authorizer.ts";
import { claims, header, signed, token } from "../forgery.ts";

const day = 24 * 60 * 60;

/** A token that the pool signed, with this JSON text as the value of one claim. */
function withRaw(claim: string, json: string): string {
  return signed(header(), JSON.stringify(claims({ [claim]: "@" })).replace('"@"', json));
}

const noTimes = [
  "null",
  '""',
  `"${now + 60}"`,
  `${now + 60}.5`,
  "1e999",
  "-1e999",
  "-1",
  "9007199254740992",
  "1e21",
  "true",
  "[]",
  `[${now + 60}]`,
  "{}",
];

const malformed = (claim: string): Attack[] =>
  noTimes.map((json): Attack => [`${claim} ${json}`, () => withRaw(claim, json)]);

refuses("times, on tokens that the pool signed", 401, {
  expired: [
    ["exp long ago", () => token({ iat: 1, exp: 3601 })],
    ["exp 0", () => token({ exp: 0 })],
    ["exp -0", () => withRaw("exp", "-0")],
    ["exp a second ago", () => token({ exp: now - 1 })],
    ["exp now", () => token({ exp: now })],
    ["exp in milliseconds of 1970", () => token({ exp: Math.floor(now / 1000) })],
    ["a second exp, long ago", () => signed(header(), JSON.stringify(claims()).replace(/}$/, ',"exp":1}'))],
    ["iat after exp, both past", () => token({ iat: now - 60, exp: now - 120 })],
  ],
  invalid_time: [
    ...malformed("exp"),
    ...malformed("iat"),
    ...malformed("nbf"),
    ["a missing exp", () => token({ exp: undefined })],
    ["a missing iat", () => token({ iat: undefined })],
    ["iat and exp missing", () => token({ iat: undefined, exp: undefined })],
    ["iat equal to exp", () => token({ iat: now + 30, exp: now + 30 })],
    ["iat after exp", () => token({ iat: now + 30, exp: now + 20 })],
    ["exp in __proto__ alone", () => signed(header(), protoTimes())],
  ],
  not_yet_valid: [
    ["iat 61 seconds ahead", () => token({ iat: now + 61 })],
    ["iat an hour ahead", () => token({ iat: now + 3600, exp: now + 7200 })],
    ["iat in milliseconds", () => token({ iat: now * 1000, exp: now * 1000 + 3600 })],
    ["nbf a second ahead", () => token({ nbf: now + 1 })],
    ["nbf an hour ahead", () => token({ nbf: now + 3600 })],
    ["nbf after exp", () => token({ nbf: now + 2 * day })],
  ],
  lifetime_too_long: [
    ["a lifetime of a day and a second", () => token({ iat: now - 60, exp: now - 60 + day + 1 })],
    ["a lifetime of a year", () => token({ exp: now + 365 * day })],
    ["exp in milliseconds", () => token({ exp: (now + 3600) * 1000 })],
    ["exp as late as a number can say", () => token({ exp: Number.MAX_SAFE_INTEGER })],
    ["iat 0", () => token({ iat: 0 })],
  ],
});

function protoTimes(): string {
  const { exp, ...others } = claims();
  return JSON.stringify(others).replace("{", `{"__proto__":{"exp":${exp}},`);
}
