import { request } from "node:https";
import { signRequest } from "../../../local/iam/sigv4.ts";

interface WebSocketEvent {
  readonly requestContext: {
    readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
    readonly domainName: string;
    readonly stage: string;
    /** The authorizer's context; `watcher` is a connection that wants to see this one's events. */
    readonly authorizer: { readonly watcher?: string };
  };
}

/** Answers a message with its event, and pushes the events of other kinds to the connection's watcher. */
export async function handler(event: WebSocketEvent) {
  const { eventType, domainName, stage, authorizer } = event.requestContext;
  const body = JSON.stringify(event);
  if (eventType === "MESSAGE") return { statusCode: 200, body };
  if (authorizer.watcher)
    await push(domainName, `/${stage}/@connections/${encodeURIComponent(authorizer.watcher)}`, body);
  return { statusCode: 200 };
}

function push(host: string, path: string, body: string): Promise<void> {
  const {
    AWS_ACCESS_KEY_ID = "",
    AWS_SECRET_ACCESS_KEY = "",
    AWS_SESSION_TOKEN = "",
    AWS_REGION = "",
  } = process.env;
  const headers = signRequest(
    { method: "POST", rawUrl: path, headers: { host }, body: Buffer.from(body) },
    {
      service: "execute-api",
      region: AWS_REGION,
      now: new Date(),
      credentials: {
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        sessionToken: AWS_SESSION_TOKEN,
      },
    },
  );
  return new Promise((resolve, reject) => {
    request({ method: "POST", host, path, headers }, (response) => {
      response.resume().on("end", () => resolve());
    })
      .on("error", reject)
      .end(body);
  });
}
