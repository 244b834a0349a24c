const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");

/** A route to the chat's one integration; all but the first two answer the sender. */
exports.chatRoute = (routeKey, api, integration) => {
  const name = routeKey.replace("$", "");
  const replies = !["$connect", "$disconnect"].includes(routeKey);
  const route = new aws.apigatewayv2.Route(name, {
    apiId: api.id,
    routeKey,
    target: pulumi.interpolate`integrations/${integration.id}`,
    ...(replies && { routeResponseSelectionExpression: "$default" }),
  });
  if (replies)
    new aws.apigatewayv2.RouteResponse(name, {
      apiId: api.id,
      routeId: route.id,
      routeResponseKey: "$default",
    });
};
