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
  const clientId = firstClientId(config[`${project}:userPoolClientIds`]);
  if (clientId === undefined)
    throw new UsageError(
      `Pulumi.${values.stack}.yaml has no list userPoolClientIds, of which the first signs in: npm start says how to set it`,
    );
  const tokens = await signIn(`http://127.0.0.1:${port}`, clientId, user);
  console.log(values.id ? tokens.IdToken : tokens.AccessToken);
}

function firstClientId(list = "[]"): string | undefined {
  try {
    const [first] = JSON.parse(list);
    return first === undefined ? undefined : String(first);
  } catch {
    return undefined;
  }
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
      `no user pool answers at ${endpoint}: run npm start in another terminal, or name its port with --user-pool-port`,
    );
  });
  const answer = (await response.json().catch(() => ({}))) as {
    AuthenticationResult?: Record<"IdToken" | "AccessToken", string>;
    __type?: string;
    message?: string;
  };
  if (answer.AuthenticationResult) return answer.AuthenticationResult;
  if (answer.__type === undefined)
    throw new UsageError(
      `what answers at ${endpoint} is no user pool of npm start: name its port with --user-pool-port`,
    );
  throw new UsageError(
    `the user pool at ${endpoint} refused: ${answer.message} ` +
      "If npm start serves another stack or program, copy the line that it prints",
  );
}
