/** @typedef {{ accessToken: string, idToken: string, refreshToken: string }} Tokens */

/** Cognito's refusal; its name is Cognito's, like NotAuthorizedException. */
export class CognitoError extends Error {
  constructor({ __type, message }) {
    super(message ?? __type);
    this.name = __type;
  }
}

/** With these, Cognito says that a session is over; any other refusal of a refresh may be a passing one. */
const sessionEnds = new Set([
  "NotAuthorizedException",
  "RefreshTokenReuseException",
  "UserNotFoundException",
  "UserNotConfirmedException",
  "PasswordResetRequiredException",
]);

/** Signs users in to an app client without a secret, with USER_PASSWORD_AUTH. It keeps nothing. */
export class UserPool {
  #endpoint;
  #clientId;

  /** @param {{ endpoint: string, clientId: string }} args endpoint like https://cognito-idp.us-east-1.amazonaws.com/ */
  constructor({ endpoint, clientId }) {
    this.#endpoint = endpoint;
    this.#clientId = clientId;
  }

  /**
   * @returns {Promise<Tokens | { newPassword: { username: string, session: string } }>} what `setNewPassword` takes,
   *   where an administrator has given the user a password to change
   * @throws {CognitoError} NotAuthorizedException for a wrong name or password
   */
  async signIn(username, password) {
    const answer = await this.#call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    if (answer.ChallengeName !== "NEW_PASSWORD_REQUIRED") return tokensOf(answer);
    // The user may have signed in with an e-mail address: only the name itself is taken from here on.
    const { USER_ID_FOR_SRP: name = username } = answer.ChallengeParameters;
    return { newPassword: { username: name, session: answer.Session } };
  }

  /** @returns {Promise<Tokens>} @throws {CognitoError} InvalidPasswordException says what the password lacks */
  async setNewPassword({ username, session }, password) {
    const answer = await this.#call("RespondToAuthChallenge", {
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD: password },
      Session: session,
    });
    return tokensOf(answer);
  }

  /** @returns {Promise<Tokens | undefined>} undefined: the session is over */
  async refresh(refreshToken) {
    try {
      const answer = await this.#call("GetTokensFromRefreshToken", { RefreshToken: refreshToken });
      return { refreshToken, ...tokensOf(answer) };
    } catch (error) {
      if (sessionEnds.has(error.name)) return undefined;
      throw error;
    }
  }

  async #call(operation, input) {
    const response = await fetch(this.#endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ ClientId: this.#clientId, ...input }),
    });
    const answer = await response.json();
    if (!response.ok) throw new CognitoError(answer);
    return answer;
  }
}

/** A refresh answers without a refresh token, unless the pool rotates them. */
function tokensOf({ ChallengeName, AuthenticationResult: result }) {
  if (!result) throw new Error(`this example does not know the challenge ${ChallengeName}`);
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = result;
  return { accessToken, idToken, ...(refreshToken && { refreshToken }) };
}

/** When a token expires, in milliseconds since 1970. Only the server's word counts: this is for planning. */
export function expiryOf(token) {
  const [, payload = ""] = token.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
}
