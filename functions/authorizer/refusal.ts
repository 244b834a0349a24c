/**
 * Every reason to refuse a connection, with the status that the client gets: 401 get a new token, 403 give up,
 * 500 try again. The reasons are stable: logs, metrics and alarms name them. The client never sees one.
 */
const statusOf = {
  // the request
  no_token: 401,
  two_tokens: 401,
  malformed_authorization: 401,
  origin_not_allowed: 403,
  // the token's form
  token_too_long: 401,
  malformed_token: 401,
  malformed_header: 401,
  algorithm_not_allowed: 401,
  header_not_allowed: 401,
  malformed_payload: 401,
  // its claims
  wrong_issuer: 401,
  invalid_time: 401,
  expired: 401,
  not_yet_valid: 401,
  lifetime_too_long: 401,
  invalid_subject: 401,
  wrong_token_use: 401,
  wrong_client: 401,
  // its key and signature
  invalid_key_id: 401,
  unknown_key: 401,
  invalid_signature: 401,
  // what the caller may
  missing_group: 403,
  missing_scope: 403,
  // ourselves
  keys_unavailable: 500,
  unexpected_event: 500,
  internal: 500,
} as const;

export type Reason = keyof typeof statusOf;

/** Thrown to refuse a connection. Not an Error: refusing is ordinary, and a stack trace costs time. */
export class Refusal {
  readonly status: 401 | 403 | 500;

  readonly reason: Reason;

  constructor(reason: Reason) {
    this.reason = reason;
    this.status = statusOf[reason];
  }
}
