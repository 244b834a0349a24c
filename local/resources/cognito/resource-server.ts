import type { ResourceType } from "../resource-type.ts";

/** An API with scopes of its own, for tokens of OAuth flows, which local mode does not have. */
export const resourceServer: ResourceType = {
  type: "aws:cognito/resourceServer:ResourceServer",
  create: ({ inputs: { userPoolId, identifier, scopes = [] } }) => ({
    id: `${userPoolId}|${identifier}`,
    outputs: {
      scopeIdentifiers: scopes.map(
        ({ scopeName }: { readonly scopeName: string }) => `${identifier}/${scopeName}`,
      ),
    },
  }),
  replacedBy: ["identifier", "name", "userPoolId"],
  taken: {
    properties: ["userPoolId", "identifier"],
    answer: ({ outputs: { userPoolId, identifier } }) =>
      `InvalidParameterException: ${identifier} already exists in user pool ${userPoolId}.`,
  },
  rules: [],
};
