import { type Attack, refuses } from "../attack-table.ts";
import { connectRequest } from "../connect-request.ts";
import { claims, header, signed, token } from "../forgery.ts";

const groups = "cognito:groups";

refuses(
  "callers without a required group",
  403,
  {
    missing_group: [
      ["a caller of no group", () => token()],
      ["a caller of an empty list of groups", () => token({ [groups]: [] })],
      ["a caller of another group", () => token({ [groups]: ["users"] })],
      ["a group in capitals", () => token({ [groups]: ["ADMINS"] })],
      ["a group and a space", () => token({ [groups]: ["admins "] })],
      ["a longer group", () => token({ [groups]: ["admins2", "superadmins"] })],
      ["a group that is no list", () => token({ [groups]: "admins" })],
      ["groups in one text", () => token({ [groups]: ["admins,operators"] })],
      ["a group in a list in the list", () => token({ [groups]: [["admins"]] })],
      ["groups as an object", () => token({ [groups]: { 0: "admins", length: 1 } })],
      ["a group under another claim", () => token({ groups: ["admins"], roles: ["admins"] })],
      ["a group as scope", () => token({ scope: "admins" })],
      ["a group in __proto__", () => signed(header(), protoGroups())],
    ],
  },
  { REQUIRED_GROUPS: '["admins","operators"]' },
);

function protoGroups(): string {
  return JSON.stringify(claims()).replace("{", `{"__proto__":{"${groups}":["admins"]},`);
}

refuses(
  "callers without a required scope",
  403,
  {
    missing_scope: [
      ["a token without scope", () => token({ scope: undefined })],
      ["an empty scope", () => token({ scope: "" })],
      ["another scope", () => token({ scope: "openid" })],
      ["a longer scope", () => token({ scope: "orders/readwrite xorders/read" })],
      ["a scope in capitals", () => token({ scope: "ORDERS/READ" })],
      ["scopes with commas between", () => token({ scope: "openid,orders/read" })],
      ["scopes with a tab between", () => token({ scope: "openid\torders/read" })],
      ["a scope as group", () => token({ [groups]: ["orders/read"] })],
    ],
  },
  { REQUIRED_SCOPES: '["orders/read","orders/write"]' },
);

refuses(
  "callers with one of a group and a scope, where both are required",
  403,
  {
    missing_group: [["a caller with the scope", () => token({ scope: "orders/read" })]],
    missing_scope: [["a caller with the group", () => token({ [groups]: ["admins"] })]],
  },
  { REQUIRED_GROUPS: '["admins"]', REQUIRED_SCOPES: '["orders/read"]' },
);

const otherOrigins = [
  "",
  "null",
  "*",
  "https://attacker.example",
  "http://app.example.com",
  "wss://app.example.com",
  "HTTPS://app.example.com",
  "https://APP.example.com",
  "https://app.example.com/",
  "https://app.example.com/path",
  "https://app.example.com:443",
  "https://app.example.com:8443",
  "https://app.example.com.attacker.example",
  "https://attackerapp.example.com",
  "https://attacker.app.example.com",
  "https://app.example.com@attacker.example",
  "https://attacker.example/https://app.example.com",
  "https://attacker.example#https://app.example.com",
  "https://appXexample.com",
  "https://example.com",
  "app.example.com",
  "//app.example.com",
  " https://app.example.com",
  "https://app.example.com ",
  "https://app.example.com\0",
  "https://app.example.com, https://attacker.example",
  "https://app.example.com https://app.example.com",
  "http://localhost:3001",
  "http://localhost",
  "http://127.0.0.1:3000",
];

const from = (headers: Readonly<Record<string, readonly string[]>>) =>
  connectRequest({ Authorization: [token()], ...headers });
const allowed = "https://app.example.com";
const allowedOrigins = { ALLOWED_ORIGINS: JSON.stringify([allowed, "http://localhost:3000"]) };

refuses(
  "pages of other origins",
  403,
  {
    origin_not_allowed: [
      ...otherOrigins.map(
        (origin): Attack => [`origin ${JSON.stringify(origin)}`, () => from({ Origin: [origin] })],
      ),
      ["two good origins", () => from({ Origin: [allowed, "http://localhost:3000"] })],
      ["a good origin twice", () => from({ Origin: [allowed, allowed] })],
      ["a good origin before another", () => from({ Origin: [allowed, "https://attacker.example"] })],
      ["two spellings of Origin", () => from({ Origin: [allowed], origin: [allowed] })],
      ["another origin under another spelling", () => from({ oRIGIN: ["https://attacker.example"] })],
    ],
  },
  allowedOrigins,
);

refuses(
  "pages of good origins with bad tokens",
  401,
  {
    no_token: [["no token", () => connectRequest({ Origin: [allowed] })]],
    expired: [
      ["an expired token", () => connectRequest({ Origin: [allowed], Authorization: [token({ exp: 1 })] })],
    ],
  },
  allowedOrigins,
);
