const {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} = require("@aws-sdk/client-apigatewaymanagementapi");
const members = require("./members");

exports.handler = async (event) => {
  const { routeKey, connectionId, domainName, stage } = event.requestContext;
  const message = event.body ? JSON.parse(event.body) : {};
  const client = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });

  switch (routeKey) {
    case "$connect":
      return { statusCode: 200, body: "Connected." };
    case "$disconnect":
      members.remove(connectionId);
      return { statusCode: 200, body: "Disconnected." };
    case "join":
      members.add(connectionId, message.name);
      return { statusCode: 200, body: `${process.env.GREETING} Here are: ${members.names().join(", ")}` };
    case "say":
      for (const id of members.othersThan(connectionId)) {
        const text = `${members.nameOf(connectionId)}: ${message.text}`;
        await client.send(new PostToConnectionCommand({ ConnectionId: id, Data: text }));
      }
      return { statusCode: 200, body: "said" };
    default:
      return { statusCode: 400, body: `what is ${message.type}?` };
  }
};
