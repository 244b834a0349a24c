import type { RecordedResource } from "../../graph/resource-graph.ts";
import { toList } from "../../iam/policy-document.ts";
import { type PolicyDocument, parsePolicyDocument } from "../../iam/policy-evaluator.ts";
import type { PolicyKind } from "../../iam/policy-parser.ts";
import { memberOfForm } from "./property-checks.ts";
import type { Breach, Rule } from "./rule.ts";

const role = "iam/role:Role";
const rolePolicy = "iam/rolePolicy:RolePolicy";
const policy = "iam/policy:Policy";
const attachment = "iam/rolePolicyAttachment:RolePolicyAttachment";

/** Where each type has its document, and what the document is attached to. */
const documents: Readonly<Record<string, { readonly property: string; readonly kind: PolicyKind }>> = {
  [role]: { property: "assumeRolePolicy", kind: "trust" },
  [rolePolicy]: { property: "policy", kind: "identity" },
  [policy]: { property: "policy", kind: "identity" },
};

/** Quotas of IAM (user guide, "IAM and AWS STS quotas"): characters without white space, and attachments. */
const limits = { trustPolicy: 2048, managedPolicy: 6144, inlinePolicies: 10_240, attachments: 10 };

const namePattern = "[\\w+=,.@-]+";

export const iamRules: readonly Rule[] = [
  {
    name: "role-name",
    types: [role],
    check: memberOfForm("name", "roleName", { pattern: namePattern, maxLength: 64 }, "ValidationError"),
  },
  {
    name: "policy-name",
    types: [policy, rolePolicy],
    check: memberOfForm("name", "policyName", { pattern: namePattern, maxLength: 128 }, "ValidationError"),
  },
  {
    name: "policy-document",
    types: Object.keys(documents),
    check: (resource) => {
      const { property, kind } = documentOf(resource);
      try {
        parsePolicyDocument(resource.inputs[property], property, kind);
        return undefined;
      } catch (error) {
        const { message } = error as Error;
        return broken(resource, `MalformedPolicyDocument: Syntax errors in policy. (${message})`);
      }
    },
  },
  {
    name: "policy-partition",
    types: [policy, rolePolicy],
    check: (resource, { account }) => {
      for (const { Resource, NotResource } of statements(resource)) {
        const foreign = toList(Resource ?? NotResource ?? []).find((arn) => {
          const partition = arn.split(":")[1];
          return partition !== undefined && !/[*?]/.test(partition) && partition !== account.partition;
        });
        if (foreign !== undefined)
          return broken(
            resource,
            `MalformedPolicyDocument: Partition "${foreign.split(":")[1]}" is not valid for resource "${foreign}".`,
          );
      }
      return undefined;
    },
  },
  {
    name: "trust-policy-size",
    types: [role],
    check: (resource) =>
      sizeOf(resource) > limits.trustPolicy
        ? broken(resource, `LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${limits.trustPolicy}`)
        : undefined,
  },
  {
    name: "managed-policy-size",
    types: [policy],
    check: (resource) =>
      sizeOf(resource) > limits.managedPolicy
        ? broken(resource, `LimitExceeded: Cannot exceed quota for PolicySize: ${limits.managedPolicy}`)
        : undefined,
  },
  {
    name: "inline-policies-size",
    types: [rolePolicy],
    check: (resource, { resources }) => {
      const others = sameRole(resource, resources, rolePolicy);
      const size = [resource, ...others].map(sizeOf).reduce((sum, one) => sum + one);
      return size > limits.inlinePolicies
        ? broken(
            resource,
            `LimitExceeded: Maximum policy size of ${limits.inlinePolicies} bytes exceeded for role ${resource.inputs.role}`,
          )
        : undefined;
    },
  },
  {
    name: "attached-policies",
    types: [attachment],
    check: (resource, { resources }) =>
      sameRole(resource, resources, attachment).length >= limits.attachments
        ? {
            property: "policyArn",
            value: resource.inputs.policyArn,
            answer: `LimitExceeded: Cannot exceed quota for PoliciesPerRole: ${limits.attachments}`,
          }
        : undefined,
  },
];

function documentOf({ type }: RecordedResource) {
  const document = documents[type.slice("aws:".length)];
  if (!document) throw new Error(`${type} has no policy document`);
  return document;
}

function broken(resource: RecordedResource, answer: string): Breach {
  const { property } = documentOf(resource);
  return { property, value: resource.inputs[property], answer };
}

function statements(resource: RecordedResource) {
  const { property, kind } = documentOf(resource);
  const document: PolicyDocument = parsePolicyDocument(resource.inputs[property], property, kind);
  return toList(document.Statement);
}

function sizeOf(resource: RecordedResource): number {
  const document = resource.inputs[documentOf(resource).property];
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return text.replace(/\s/g, "").length;
}

/** The other resources of the type that belong to the same role. */
function sameRole(resource: RecordedResource, resources: readonly RecordedResource[], type: string) {
  return resources.filter(
    (other) =>
      other.type === `aws:${type}` &&
      other.inputs.role === resource.inputs.role &&
      other.urn !== resource.urn,
  );
}
