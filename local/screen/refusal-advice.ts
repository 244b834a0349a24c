const advice: Readonly<Record<string, string>> = {
  no_token: 'send one, in quotes: -H "Authorization: Bearer <token>"',
  malformed_authorization: 'it must be one header, in quotes: -H "Authorization: Bearer <token>"',
  expired: "get a new token: npm run -s token",
  unknown_key: "keys are new at each npm start; get a new token: npm run -s token",
};

/** What to do about a reason with which the authorizer refuses, where a newcomer meets it; the client never sees it. */
export function adviceOn(reason: string): string | undefined {
  return Object.hasOwn(advice, reason) ? advice[reason] : undefined;
}
