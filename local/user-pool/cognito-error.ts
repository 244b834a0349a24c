/**
 * An error that the client receives as Cognito would send it: `code` becomes `__type`, e.g. "NotAuthorizedException".
 * An empty message is left out of the answer, and `status` is 400 for nearly all of them.
 */
export class CognitoError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message = "", status = 400) {
    super(message);
    this.name = "CognitoError";
    this.code = code;
    this.status = status;
  }
}

export function notAuthorized(message: string): CognitoError {
  return new CognitoError("NotAuthorizedException", message);
}

export function invalid(message: string): CognitoError {
  return new CognitoError("InvalidParameterException", message);
}
