interface AuthorizerEvent {
  readonly methodArn: string;
  readonly queryStringParameters: Readonly<Record<string, string>>;
}

/**
 * Decides as the query asks: `authorizer=<decision>`, by default to allow. The context carries the event, for
 * messages to show, and the connection in `watcher`, for the events without a client to show to.
 */
export async function handler(event: AuthorizerEvent) {
  const { authorizer = "allow", watcher = "" } = event.queryStringParameters;
  const decide = decisions[authorizer];
  if (!decide) throw new Error(`there is no decision ${authorizer}`);
  return decide(event, { event: JSON.stringify(event), watcher, text: "text", number: 7, boolean: true });
}

type Decide = (event: AuthorizerEvent, context: Readonly<Record<string, unknown>>) => unknown;

const decisions: Readonly<Record<string, Decide>> = {
  allow: ({ methodArn }, context) => answer([statement("Allow", methodArn)], { context }),
  "allow-all": () => answer([statement("Allow", "*")]),
  "allow-pattern": ({ methodArn }) => answer([statement("Allow", methodArn.replace(/\/[^/]+$/, "/*"))]),
  "allow-list": ({ methodArn }) =>
    answer([{ ...statement("Allow", methodArn), Resource: ["arn:aws:execute-api:*:*:other/*", methodArn] }]),
  "allow-any-action": ({ methodArn }) =>
    answer([{ ...statement("Allow", methodArn), Action: "execute-api:*" }]),
  deny: ({ methodArn }) => answer([statement("Deny", methodArn)]),
  "allow-and-deny": ({ methodArn }) => answer([statement("Allow", methodArn), statement("Deny", "*")]),
  "other-stage": ({ methodArn }) =>
    answer([statement("Allow", methodArn.replace("/$connect", "-other/$connect"))]),
  "other-route": ({ methodArn }) => answer([statement("Allow", methodArn.replace("$connect", "$default"))]),
  "other-action": ({ methodArn }) =>
    answer([{ ...statement("Allow", methodArn), Action: "execute-api:ManageConnections" }]),
  unauthorized: () => fail("Unauthorized"),
  "unauthorized-with-more": () => fail("Unauthorized: no"),
  "unauthorized-in-lower-case": () => fail("unauthorized"),
  forbidden: () => fail("Forbidden"),
  error: () => fail("no"),
  slow: () => new Promise((resolve) => setTimeout(resolve, 60_000)),
  nothing: () => undefined,
  text: () => "Allow",
  "empty-object": () => ({}),
  "no-policy": () => ({ principalId: "probe" }),
  "no-principal": ({ methodArn }) => ({ ...answer([statement("Allow", methodArn)]), principalId: undefined }),
  "simple-response": () => ({ isAuthorized: true }),
  "context-with-object": ({ methodArn }) =>
    answer([statement("Allow", methodArn)], { context: { claims: { sub: "probe" } } }),
  "context-with-list": ({ methodArn }) =>
    answer([statement("Allow", methodArn)], { context: { groups: ["probe"] } }),
  "too-large": ({ methodArn }) =>
    answer([statement("Allow", methodArn)], { context: { text: "x".repeat(9 * 1024) } }),
};

function answer(statements: readonly object[], more: object = {}) {
  return { principalId: "probe", policyDocument: { Version: "2012-10-17", Statement: statements }, ...more };
}

function statement(effect: "Allow" | "Deny", resource: string) {
  return { Effect: effect, Action: "execute-api:Invoke", Resource: resource };
}

function fail(message: string): never {
  throw new Error(message);
}
