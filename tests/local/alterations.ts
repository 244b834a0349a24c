import type { Properties } from "../../local/graph/resource-graph.ts";
import type { Alter } from "../altered-graph.ts";

/** The program without one resource; `type` is short, like `lambda/permission:Permission`. */
export function without(type: string, name: string): Alter {
  return (resource) => (resource.type === `aws:${type}` && resource.name === name ? undefined : resource);
}

/** The program with other inputs of one resource. */
export function changed(type: string, name: string, change: (inputs: Properties) => Properties): Alter {
  return (resource) =>
    resource.type === `aws:${type}` && resource.name === name
      ? { ...resource, inputs: change(resource.inputs) }
      : resource;
}

/** The program with other code in one function: CommonJS that exports `handler`. */
export function withCode(functionName: string, source: string): Alter {
  return changed("lambda/function:Function", functionName, (inputs) => ({
    ...inputs,
    code: { files: { "index.js": source } },
  }));
}

/** The program with one more statement in a function's role. */
export function withStatement(functionName: string, statement: object): Alter {
  return changed("iam/rolePolicy:RolePolicy", functionName, (inputs) => {
    const policy = JSON.parse(inputs.policy);
    return { ...inputs, policy: JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] }) };
  });
}

/** Several alterations, one after the other. */
export function all(...alterations: Alter[]): Alter {
  return (resource) =>
    alterations.reduce<ReturnType<Alter>>((altered, alter) => altered && alter(altered), resource);
}
