import {
  configOption,
  configUsage,
  defaultPorts,
  defaultProgram,
  defaultStack,
  readNamedStack,
  readPort,
  runCommand,
  UsageError,
} from "./command-line.ts";
import { signIn } from "./sign-in.ts";
import { demoUsers } from "./user-pool/demo-users.ts";
import { userPoolClientIds } from "./user-pool-client-ids.ts";

const usage = `npm run -s token -- <user> [options]

Prints a token of a demo user (${demoUsers.map(({ username }) => username).join(", ")}), signed in at the user pool that npm start serves.

  --id                   an ID token instead of an access token
  --user-pool-port <n>   port of the user pool (default ${defaultPorts.userPool})
  --stack <name>         stack whose first app client signs in (default ${defaultStack})
  --config <setting>     ${configUsage}
  --program <path>       folder of another Pulumi program (default: this one)
  --help                 this text`;

const options = {
  id: { type: "boolean", default: false },
  "user-pool-port": { type: "string" },
  stack: { type: "string", default: defaultStack },
  config: configOption,
  program: { type: "string", default: defaultProgram },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  const [username, ...others] = positionals;
  const user = demoUsers.find((candidate) => candidate.username === username);
  if (!user || others.length > 0)
    throw new UsageError(
      `${username ? `there is no user ${JSON.stringify(username)}: ` : ""}name one of the demo users\n\n${usage}`,
    );
  const port = readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool);
  const [clientId] = userPoolClientIds(readNamedStack(values));
  if (clientId === undefined)
    throw new UsageError(
      `Pulumi.${values.stack}.yaml has no list userPoolClientIds, of which the first signs in: npm start says how to set it`,
    );
  const tokens = await signIn(port, clientId, user);
  console.log(values.id ? tokens.IdToken : tokens.AccessToken);
});
