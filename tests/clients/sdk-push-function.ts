import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

interface Event {
  readonly requestContext: {
    readonly domainName: string;
    readonly stage: string;
    readonly connectionId: string;
  };
}

/** Pushes to its caller as the AWS documentation tells: at the address in the event, with what its environment holds. */
export async function handler({ requestContext: { domainName, stage, connectionId } }: Event) {
  const client = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const push = new PostToConnectionCommand({ ConnectionId: connectionId, Data: "pushed to you" });
  const outcome = await client.send(push).then(
    ({ $metadata }) => ({ status: $metadata.httpStatusCode }),
    ({ name, message }) => ({ name, message }),
  );
  return { statusCode: 200, body: JSON.stringify(outcome) };
}
