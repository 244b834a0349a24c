import { operatorCredentials } from "../account/callers.ts";
import { accountOf } from "../graph/account-of.ts";
import { signRequest } from "../iam/sigv4.ts";
import { OperatorError } from "../operator-error.ts";
import { defaultPorts, defaultProgram, defaultStack } from "../this-program.ts";
import {
  configOption,
  configUsage,
  readNamedStack,
  readPort,
  runCommand,
  UsageError,
} from "./command-line.ts";

const usage = `npm run -s invoke -- <function> [event] [options]

Invokes a function that npm start serves, as aws lambda invoke does, and prints what it answers. Ends with 1 if it fails.

  <function>        its name, its ARN, or its name in the program
  [event]           JSON (default {})
  --port <n>        port of the API (default ${defaultPorts.api})
  --stack <name>    stack whose region is used (default ${defaultStack})
  --config <setting>${configUsage}
  --program <path>  folder of another Pulumi program (default: this one)
  --help            this text`;

const options = {
  port: { type: "string" },
  stack: { type: "string", default: defaultStack },
  config: configOption,
  program: { type: "string", default: defaultProgram },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  const [name, event = "{}", ...others] = positionals;
  if (!name || others.length > 0) throw new UsageError(`name one function, and give one event\n\n${usage}`);
  const port = readPort("--port", values.port, defaultPorts.api);
  const { region } = accountOf(readNamedStack(values).config);
  const response = await invoke(port, region, name, event);
  const answer = await response.text();
  if (!response.ok) throw new OperatorError(refusal(response, port, answer));
  console.log(answer);
  if (response.headers.has("x-amz-function-error")) process.exitCode = 1;
});

async function invoke(port: number, region: string, name: string, event: string): Promise<Response> {
  const rawUrl = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const request = {
    method: "POST",
    rawUrl,
    headers: { host: `127.0.0.1:${port}` },
    body: Buffer.from(event),
  };
  const scope = { service: "lambda", region, now: new Date(), credentials: operatorCredentials };
  const headers = signRequest(request, scope);
  try {
    return await fetch(`http://127.0.0.1:${port}${rawUrl}`, { method: "POST", headers, body: event });
  } catch {
    throw new UsageError(
      `nothing answers at port ${port}: run npm start first, or name its port with --port`,
    );
  }
}

/** Like `ResourceNotFoundException: Function not found: …`. */
function refusal(response: Response, port: number, body: string): string {
  const type = response.headers.get("x-amzn-errortype");
  if (!type) return `what answers at port ${port} is not npm start`;
  const { message, Message = message } = JSON.parse(body) as { message?: string; Message?: string };
  return `${type}: ${Message}`;
}
