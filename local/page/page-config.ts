import { resourcesOfType } from "../graph/resource-graph.ts";
import type { LocalStack } from "../stack/local-stack.ts";
import { allowsFlow } from "../user-pool/app-client.ts";
import { demoUsersOf } from "../user-pool/demo-users.ts";

/** What a page must know to connect. */
export interface PageConfig {
  readonly title: string;
  /** Where clients connect; undefined where the program has no API. */
  readonly url?: string;
  /** Undefined where a token is not wanted, or none is to be had. */
  readonly signIn?: SignIn;
  /** Why a page cannot connect. */
  readonly obstacle?: string;
}

export interface SignIn {
  readonly userPoolEndpoint: string;
  /** A client without a secret. */
  readonly clientId: string;
  readonly tokenUse: "access" | "id";
  readonly tokenSource: "subprotocol" | "query";
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly groups: readonly string[];
  }[];
}

/** @param host where the page was found, with its port */
export function pageConfig(stack: LocalStack, host: string): PageConfig {
  const { graph, apis, userPool, userPoolPort } = stack;
  const title = `${graph.project}, in local mode`;
  const [first] = apis;
  if (!first) return { title, obstacle: "This program declares no WebSocket API stage." };
  const connectable = { title, url: `ws://${host}/${first.stageName}` };
  const authorizer = first.routes.get("$connect")?.authorizer;
  if (!authorizer || !userPool) return connectable;
  const client = userPool.clients.find(({ clientSecret }) => clientSecret === undefined);
  if (!client)
    return {
      ...connectable,
      obstacle: "Every client of the user pool has a secret, which no page could keep: connect with wscat.",
    };
  if (!allowsFlow(client.settings, "USER_PASSWORD_AUTH"))
    return {
      ...connectable,
      obstacle: `The app client ${client.settings.ClientName} does not allow ALLOW_USER_PASSWORD_AUTH, by which this page signs in: add it to explicitAuthFlows.`,
    };
  const users = demoUsersOf(userPool);
  if (users.length === 0)
    return {
      ...connectable,
      obstacle:
        "The program declares the users of the pool, and their passwords are not shown: sign in with npm run token -- <user> --password <password>, and connect with wscat.",
    };
  const { tokenUse, tokenSources } = authorizerSettings(stack, authorizer.functionArn);
  const tokenSource = (["subprotocol", "query"] as const).find((source) => tokenSources.includes(source));
  if (!tokenSource)
    return {
      ...connectable,
      obstacle: "Tokens are taken from a header alone, which no page can send: connect with wscat.",
    };
  const signIn = {
    userPoolEndpoint: `http://localhost:${userPoolPort}`,
    clientId: client.clientId,
    tokenUse,
    tokenSource,
    users: users.map(({ username, password, groups }) => ({ username, password, groups })),
  };
  return { ...connectable, signIn };
}

/** What this project's program tells its authorizer; another program's is taken to want what this one does by default. */
function authorizerSettings({ graph }: LocalStack, functionArn: string) {
  const authorizer = resourcesOfType(graph, "aws:lambda/function:Function").find(
    ({ outputs }) => outputs.arn === functionArn,
  );
  const { TOKEN_USE, TOKEN_SOURCES = '["subprotocol"]' } = authorizer?.inputs.environment?.variables ?? {};
  const tokenUse: SignIn["tokenUse"] = TOKEN_USE === "id" ? "id" : "access";
  return { tokenUse, tokenSources: String(TOKEN_SOURCES) };
}
