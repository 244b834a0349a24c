/** What the event of a REQUEST authorizer holds after `Bearer `. */
export function bearerToken(event) {
  const [scheme, token] = (event.headers.Authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) throw new Error("Unauthorized");
  return token;
}

/** Refuses what is not an access token of a configured client. */
export function checkClient(claims) {
  if (claims.token_use !== "access" || !clientIds.includes(claims.client_id)) throw new Error("Unauthorized");
}

/** The policy that opens the connection. */
export function allow(claims, event) {
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }],
    },
    context: { sub: claims.sub, username: claims.username, scope: claims.scope },
  };
}

const clientIds = JSON.parse(process.env.CLIENT_IDS);
