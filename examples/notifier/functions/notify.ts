import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

const endpoint = process.env.MANAGEMENT_ENDPOINT;
if (!endpoint) throw new Error("environment variable MANAGEMENT_ENDPOINT is required");
const client = new ApiGatewayManagementApiClient({ endpoint });

/** Sends a text to one connection. Tells whether it arrived: a connection may end at any time. */
export async function handler({ connectionId, message }: { connectionId: string; message: string }) {
  try {
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: message }));
    return { delivered: true };
  } catch (error) {
    if (error instanceof GoneException) return { delivered: false };
    throw error;
  }
}
