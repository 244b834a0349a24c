import { createRequire } from "node:module";
import { resourceTypes } from "../resources/resource-types.ts";

const require = createRequire(import.meta.url);

/** The version of the package whose provider this one stands in for. */
export function providerVersion(): string {
  return require("@pulumi/aws/package.json").version;
}

/** As much of a schema as an engine that runs programs in Node.js asks for: the names of the emulated resources. */
export function schema(): string {
  return JSON.stringify({
    name: "aws",
    version: providerVersion(),
    resources: Object.fromEntries(resourceTypes.map(({ type }) => [type, {}])),
  });
}
