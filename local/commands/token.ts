import { configuredPool, defaultPorts, defaultProgram, defaultStack } from "../this-program.ts";
import { demoUsers } from "../user-pool/demo-users.ts";
import {
  configOption,
  configUsage,
  readNamedStack,
  readPort,
  runCommand,
  UsageError,
} from "./command-line.ts";
import { declaredClient, signIn } from "./sign-in.ts";

const usage = `npm run -s token -- <user> [options]

Prints a token of a user, signed in at the user pool that npm start serves. Demo users: ${demoUsers.map(({ username }) => username).join(", ")}.

  --password <text>      password of a user who is no demo user
  --id                   an ID token instead of an access token
  --user-pool-port <n>   port of the user pool (default ${defaultPorts.userPool})
  --stack <name>         stack whose first app client signs in (default ${defaultStack}); without one, the first of a declared pool
  --config <setting>     ${configUsage}
  --program <path>       folder of another Pulumi program (default: this one)
  --help                 this text`;

const options = {
  id: { type: "boolean", default: false },
  password: { type: "string" },
  "user-pool-port": { type: "string" },
  stack: { type: "string", default: defaultStack },
  config: configOption,
  program: { type: "string", default: defaultProgram },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  const [username, ...others] = positionals;
  const password = values.password ?? demoUsers.find((user) => user.username === username)?.password;
  if (username === undefined || password === undefined || others.length > 0)
    throw new UsageError(
      `${username ? `${JSON.stringify(username)} is no demo user: ` : ""}name one of them, or give --password\n\n${usage}`,
    );
  const port = readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool);
  const [clientId] = configuredPool(readNamedStack(values)).clientIds;
  const client = clientId === undefined ? await declaredClient(port) : { clientId };
  const tokens = await signIn(port, client, { username, password });
  console.log(values.id ? tokens.IdToken : tokens.AccessToken);
});
