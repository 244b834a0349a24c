import { request } from "node:https";
import { signRequest } from "../../local/iam/sigv4.ts";

interface Event {
  readonly requestContext: {
    readonly domainName: string;
    readonly stage: string;
    readonly connectionId: string;
  };
  readonly body?: string;
}

/** Pushes `data` to the connection `to`, or "hello" to its own, with its role's credentials, and answers with the outcome. */
export async function handler({ requestContext, body = "{}" }: Event) {
  const { domainName, stage, connectionId } = requestContext;
  const { to = connectionId, data = "hello" } = JSON.parse(body) as { to?: string; data?: string };
  const outcome = JSON.stringify(
    await push(domainName, `/${stage}/@connections/${encodeURIComponent(to)}`, data),
  );
  process.stdout.write(`${outcome}\n`);
  return { statusCode: 200, body: outcome };
}

function push(host: string, path: string, data: string): Promise<object> {
  const signed = signRequest(
    { method: "POST", rawUrl: path, headers: { host }, body: Buffer.from(data) },
    {
      service: "execute-api",
      region: variable("AWS_REGION"),
      now: new Date(),
      credentials: ownCredentials(),
    },
  );
  return new Promise((resolve, reject) => {
    const call = request({ method: "POST", host, path, headers: signed }, async (response) => {
      const body = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode, errorType: response.headers["x-amzn-errortype"], body });
    });
    call.on("error", reject).end(data);
  });
}

function ownCredentials() {
  return {
    accessKeyId: variable("AWS_ACCESS_KEY_ID"),
    secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
    sessionToken: variable("AWS_SESSION_TOKEN"),
  };
}

function variable(name: string): string {
  return process.env[name] ?? "";
}
