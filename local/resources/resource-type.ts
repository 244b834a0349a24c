import type { AwsAccount, Properties, RecordedResource } from "../graph/resource-graph.ts";
import type { GeneratedName } from "./generated-name.ts";
import type { Needs } from "./needs.ts";
import type { Rule } from "./rule.ts";

/** A resource about to be created, or read if it comes with an id. */
export interface NewResource {
  readonly type: string;
  readonly name: string;
  /** Its id and its generated name are derived from this text: another one makes another id. */
  readonly urn: string;
  readonly inputs: Properties;
  readonly id: string | undefined;
}

/** What AWS answers to a resource that it has created, or read. */
export interface CreatedResource {
  readonly id: string;
  /** What AWS adds to the inputs, and no other resource has: ARN, URL, generated name. */
  readonly outputs: Properties;
}

/** What makes two resources of a type the same thing for AWS, and its answer to the second one. */
export interface Conflict {
  /** Outputs that both have alike. */
  readonly properties: readonly string[];
  readonly answer: (resource: RecordedResource) => string;
}

/** All that is known of one type of AWS resource. */
export interface ResourceType {
  /** Pulumi's type token, like `aws:lambda/function:Function`. */
  readonly type: string;
  /** How the provider names a resource whose program gives no name; left out where it makes up none. */
  readonly generatedName?: GeneratedName;
  /** The id and the computed outputs that AWS would give. The inputs hold the generated name. */
  readonly create: (resource: NewResource, account: AwsAccount) => CreatedResource;
  /**
   * What AWS or the provider fills in where the program gives nothing: the same for each resource of the type. Times are
   * the same in every run.
   */
  readonly defaults?: Properties;
  /** Set for a resource that exists once for all regions: it has no property `region`. */
  readonly isGlobal?: true;
  /** Set for a resource that takes tags, its provider's default ones too. */
  readonly takesTags?: true;
  /**
   * Properties that no call of AWS can change, so that the provider makes the resource anew: what its schemas
   * (hashicorp/terraform-provider-aws) mark ForceNew. `everyProperty` stands for all of them.
   */
  readonly replacedBy: readonly string[];
  /** Set where the provider always deletes a resource before it makes the next one. */
  readonly deletesBeforeReplace?: true;
  /** Left out for what may share a name, and for what AWS writes over, or refuses by a rule. */
  readonly taken?: Conflict;
  /**
   * What AWS answers to its deletion beside these others; undefined where it deletes it. Sources: AWS's answers in public
   * issues of terraform-provider-aws, SST and pulumi-aws.
   */
  readonly refusesDeletion?: (
    resource: RecordedResource,
    others: readonly RecordedResource[],
  ) => string | undefined;
  /** Whether AWS deletes the other resource with this one. */
  readonly deletes?: (resource: RecordedResource, other: RecordedResource) => boolean;
  /** What AWS refuses of it, or accepts and does not serve as meant. */
  readonly rules: readonly Rule[];
  /**
   * What it takes to deploy it; left out where nobody has written that down. Sources: the service authorization
   * reference, and the handler permissions of the CloudFormation resource types. No AWS account has confirmed that
   * the list is complete.
   */
  readonly deployment?: readonly Needs[];
}

/** A resource is replaced whatever of it changes. */
export const everyProperty = "*";
