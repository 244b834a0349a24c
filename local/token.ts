import {
  defaultPorts,
  defaultProgram,
  defaultStack,
  readCommandLine,
  readNamedStack,
  readPort,
  UsageError,
} from "./command-line.ts";
import { OperatorError } from "./operator-error.ts";
import { demoUsers } from "./user-pool/demo-users.ts";

const usage = `npm run -s token -- <user> [options]

Prints a token of a demo user (${demoUsers.map(({ username }) => username).join(", ")}), signed in at the user pool that npm start serves.

  --id                   an ID token instead of an access token
  --user-pool-port <n>   port of the user pool (default ${defaultPorts.userPool})
  --stack <name>         stack whose first app client signs in (default ${defaultStack})
  --program <path>       folder of another Pulumi program (default: this one)
  --help                 this text`;

await main().catch((error) => {
  console.error(error instanceof OperatorError ? error.message : error);
  process.exit(1);
});

async function main() {
  const { values, positionals } = readCommandLine(
    {
      id: { type: "boolean", default: false },
      "user-pool-port": { type: "string" },
      stack: { type: "string", default: defaultStack },
      program: { type: "string", default: defaultProgram },
      help: { type: "boolean" },
    },
    usage,
  );
  if (values.help) {
    console.log(usage);
    return;
  }
  const [username, ...others] = positionals;
  const user = demoUsers.find((candidate) => candidate.username === username);
  if (!user || others.length > 0)
    throw new UsageError(
      `${username ? `there is no user ${JSON.stringify(username)}: ` : ""}name one of the demo users\n\n${usage}`,
    );
  const port = readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool);
  const { project, config } = readNamedStack(values);
  const [clientId] = JSON.parse(config[`${project}:userPoolClientIds`] ?? "[]");
  const tokens = await signIn(`http://127.0.0.1:${port}`, clientId, user);
  console.log(values.id ? tokens.IdToken : tokens.AccessToken);
}

async function signIn(
  endpoint: string,
  clientId: string,
  { username, password }: { username: string; password: string },
) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  }).catch(() => {
    throw new UsageError(
      `no user pool answers at ${endpoint}: run npm start first, or name its port with --user-pool-port`,
    );
  });
  const answer = (await response.json()) as {
    AuthenticationResult: Record<"IdToken" | "AccessToken", string>;
    message?: string;
  };
  if (!response.ok) throw new UsageError(`the user pool at ${endpoint} refused: ${answer.message}`);
  return answer.AuthenticationResult;
}
