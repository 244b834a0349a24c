import { generatedName } from "../generated-name.ts";
import type { ResourceType } from "../resource-type.ts";

/** A group of users. */
export const userGroup: ResourceType = {
  type: "aws:cognito/userGroup:UserGroup",
  generatedName,
  create: ({ inputs: { userPoolId, name } }) => ({ id: `${userPoolId}/${name}`, outputs: {} }),
  replacedBy: ["name", "userPoolId"],
  taken: {
    properties: ["userPoolId", "name"],
    answer: () => "GroupExistsException: A group with the name already exists.",
  },
  rules: [],
};
