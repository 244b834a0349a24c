interface WhoamiEvent {
  readonly requestContext: {
    readonly connectionId: string;
    readonly authorizer: Readonly<Record<string, string>>;
  };
}

/**
 * Answers with the identity that the authorizer verified when the connection opened, and with the connection's id,
 * which whoever is to push to it needs.
 */
export async function handler({ requestContext }: WhoamiEvent) {
  const { sub, username, clientId, tokenUse, scope, groups = "[]", exp } = requestContext.authorizer;
  return {
    statusCode: 200,
    body: JSON.stringify({
      action: "whoami",
      sub,
      username,
      clientId,
      tokenUse,
      scope,
      groups: JSON.parse(groups),
      expiresAt: new Date(Number(exp) * 1000).toISOString(),
      connectionId: requestContext.connectionId,
    }),
  };
}
