import type { RecordedResource } from "../../graph/resource-graph.ts";
import { toList } from "../../iam/policy-document.ts";
import { type PolicyDocument, parsePolicyDocument } from "../../iam/policy-evaluator.ts";
import type { PolicyKind } from "../../iam/policy-parser.ts";
import { memberOfForm } from "../property-checks.ts";
import type { Breach, Rule } from "../rule.ts";

/** Where a resource has its document, and what the document is attached to. */
export interface DocumentProperty {
  readonly property: string;
  readonly kind: PolicyKind;
}

/** What a role may do, as it stands in a policy or in a role's own policy. */
export const policyProperty: DocumentProperty = { property: "policy", kind: "identity" };

/** Characters that IAM takes in a name. */
export const namePattern = "[\\w+=,.@-]+";

/** The name of a policy, or of a role's own policy. */
export const policyName: Rule = {
  name: "policy-name",
  check: memberOfForm("name", "policyName", { pattern: namePattern, maxLength: 128 }, "ValidationError"),
};

/** The document must be one that IAM can read. */
export function policyDocument(document: DocumentProperty): Rule {
  const { property, kind } = document;
  return {
    name: "policy-document",
    check: (resource) => {
      try {
        parsePolicyDocument(resource.inputs[property], property, kind);
        return undefined;
      } catch (error) {
        const { message } = error as Error;
        return broken(resource, document, `MalformedPolicyDocument: Syntax errors in policy. (${message})`);
      }
    },
  };
}

/** What the document allows must be in the account's partition. */
export const policyPartition: Rule = {
  name: "policy-partition",
  check: (resource, { account }) => {
    const { property, kind } = policyProperty;
    const document: PolicyDocument = parsePolicyDocument(resource.inputs[property], property, kind);
    for (const { Resource, NotResource } of toList(document.Statement)) {
      const foreign = toList(Resource ?? NotResource ?? []).find((arn) => {
        const partition = arn.split(":")[1];
        return partition !== undefined && !/[*?]/.test(partition) && partition !== account.partition;
      });
      if (foreign !== undefined)
        return broken(
          resource,
          policyProperty,
          `MalformedPolicyDocument: Partition "${foreign.split(":")[1]}" is not valid for resource "${foreign}".`,
        );
    }
    return undefined;
  },
};

/** The breach of a resource whose document IAM refuses. */
export function broken({ inputs }: RecordedResource, { property }: DocumentProperty, answer: string): Breach {
  return { property, value: inputs[property], answer };
}

/** Characters of the document without white space, as IAM's quotas count them. */
export function sizeOf({ inputs }: RecordedResource, { property }: DocumentProperty): number {
  const document = inputs[property];
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return text.replace(/\s/g, "").length;
}
