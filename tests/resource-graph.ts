import type { Properties, RecordedResource, ResourceGraph } from "../local/graph/resource-graph.ts";

/** A graph of these resources, in an account in us-east-1. */
export function graphOf(...resources: RecordedResource[]): ResourceGraph {
  return {
    project: "project",
    stack: "test",
    account: {
      accountId: "123456789012",
      region: "us-east-1",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
    },
    resources,
    outputs: {},
    warnings: [],
  };
}

interface ResourceArgs {
  readonly id?: string;
  readonly inputs?: Properties;
  /** What AWS adds to the inputs. */
  readonly outputs?: Properties;
  readonly dependencies?: readonly RecordedResource[];
}

/** A resource as the engine records it; `type` is short, like `iam/role:Role`. */
export function resource(type: string, name: string, args: ResourceArgs = {}): RecordedResource {
  const { id = name, inputs = {}, outputs = {}, dependencies = [] } = args;
  return {
    urn: `urn:pulumi:test::project::aws:${type}::${name}`,
    type: `aws:${type}`,
    name,
    custom: true,
    read: false,
    id,
    inputs,
    outputs: { ...inputs, ...outputs },
    parent: undefined,
    dependencies: dependencies.map(({ urn }) => urn),
    retainOnDelete: false,
  };
}
