import type { Properties, RecordedResource } from "../../local/graph/resource-graph.ts";
import { resource } from "../resource-graph.ts";

export const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:join-1";
export const roleArn = "arn:aws:iam::123456789012:role/join-role";

export const role = resource("iam/role:Role", "join", {
  id: "join-role",
  outputs: { name: "join-role", arn: roleArn },
});

/** The function `join-1` with the least that a program must say of it. */
export function functionWith(inputs: Properties = {}): RecordedResource {
  return resource("lambda/function:Function", "join", {
    id: "join-1",
    inputs: {
      role: roleArn,
      code: { files: { "index.js": "exports.handler = async () => {};" } },
      handler: "index.handler",
      runtime: "nodejs24.x",
      ...inputs,
    },
    outputs: { name: "join-1", arn: functionArn },
  });
}

/** What the role may do, beside nothing. */
export function allowing(action: string | string[], resourceArn: string): RecordedResource {
  return resource("iam/rolePolicy:RolePolicy", "join", {
    inputs: {
      role: "join-role",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: action, Resource: resourceArn }],
      },
    },
  });
}
