import { deflateRawSync } from "node:zlib";
import type { PackageFiles, Properties } from "../../graph/resource-graph.ts";
import type { Rule } from "../rule.ts";

const maxZippedBytes = 50 * 1024 * 1024;
const maxUnzippedBytes = 250 * 1024 * 1024;

/** What Lambda refuses of a function's package. */
export const packageSizeRules: readonly Rule[] = [
  {
    name: "function-package-size",
    check: ({ inputs }) => {
      const bytes = packageContents(inputs).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
      return bytes > maxUnzippedBytes
        ? {
            property: "code in bytes",
            value: bytes,
            answer: `InvalidParameterValueException: Unzipped size must be smaller than ${maxUnzippedBytes} bytes`,
          }
        : undefined;
    },
  },
  {
    name: "function-upload-size",
    check: ({ inputs }) => {
      const contents = packageContents(inputs);
      const unzipped = contents.reduce((sum, content) => sum + Buffer.byteLength(content), 0);
      if (unzipped <= maxZippedBytes) return undefined;
      const bytes = contents.reduce((sum, content) => sum + deflateRawSync(content).length, 0);
      return bytes > maxZippedBytes
        ? {
            property: "code in zipped MB",
            value: Math.ceil((bytes / 1024 ** 2) * 10) / 10,
            answer:
              "RequestEntityTooLargeException: Request must be smaller than 70167211 bytes for the CreateFunction operation",
          }
        : undefined;
    },
  },
];

function packageContents({ code }: Properties): (string | Uint8Array)[] {
  return Object.values((code as PackageFiles | undefined)?.files ?? {});
}
