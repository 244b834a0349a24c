import { randomBytes } from "node:crypto";
import type { LeaveOut } from "../graph/read-each.ts";
import { type ResourceGraph, resourcesOfType } from "../graph/resource-graph.ts";
import { evaluatePolicies, type PolicyDocument } from "../iam/policy-evaluator.ts";
import type { Credentials } from "../iam/sigv4.ts";
import { rolePolicies } from "./roles.ts";

/** Somebody who can sign requests to the local account. */
export interface Caller {
  readonly arn: string;
  readonly credentials: Credentials;
  may(action: string, resource: string): boolean;
}

/**
 * Credentials of the person at the keyboard, who may do everything. They are no secret: servers answer on loopback
 * only, and AWS does not know them.
 */
export const operatorCredentials: Credentials = { accessKeyId: "LOCALOPERATOR", secretAccessKey: "local" };

/** Everybody with credentials: the operator, and each function's role. */
export class Callers {
  readonly #byAccessKey = new Map<string, Caller>();
  readonly #byFunction = new Map<string, Caller & { credentials: Required<Credentials> }>();

  /**
   * @param former whose credentials functions keep, as long as they keep their role: sessions outlive a deployment
   * @param leaveOut told of what a role may do that local mode cannot know
   */
  constructor(graph: ResourceGraph, former?: Callers, leaveOut?: LeaveOut) {
    const { partition, accountId } = graph.account;
    this.#byAccessKey.set(operatorCredentials.accessKeyId, {
      arn: `arn:${partition}:iam::${accountId}:user/operator`,
      credentials: operatorCredentials,
      may: () => true,
    });
    for (const { inputs, outputs } of resourcesOfType(graph, "aws:lambda/function:Function")) {
      const policies = rolePolicies(graph, inputs.role, leaveOut);
      const arn = `${inputs.role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${outputs.name}`;
      const session = former ? former.#byFunction.get(outputs.arn) : undefined;
      const credentials = session?.arn === arn ? session.credentials : temporaryCredentials();
      const caller = roleCaller(arn, credentials, policies);
      this.#byFunction.set(outputs.arn, caller);
      this.#byAccessKey.set(caller.credentials.accessKeyId, caller);
    }
  }

  byAccessKey(accessKeyId: string): Caller | undefined {
    return this.#byAccessKey.get(accessKeyId);
  }

  /** The role of a function, as the function's session. */
  ofFunction(functionArn: string): Caller & { credentials: Required<Credentials> } {
    const caller = this.#byFunction.get(functionArn);
    if (!caller) throw new Error(`there is no function ${functionArn}`);
    return caller;
  }
}

function roleCaller(arn: string, credentials: Required<Credentials>, policies: PolicyDocument[]) {
  return {
    arn,
    credentials,
    may: (action: string, resource: string) => evaluatePolicies(policies, { action, resource }) === "allowed",
  };
}

function temporaryCredentials(): Required<Credentials> {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(96).toString("base64"),
  };
}
