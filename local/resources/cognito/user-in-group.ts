import { digestOf } from "../identifiers.ts";
import { everyProperty, type ResourceType } from "../resource-type.ts";

/** A user's membership of a group. The provider makes up its id. */
export const userInGroup: ResourceType = {
  type: "aws:cognito/userInGroup:UserInGroup",
  create: (resource) => ({ id: `terraform-${digestOf(resource).slice(0, 26)}`, outputs: {} }),
  replacedBy: [everyProperty],
  rules: [],
};
