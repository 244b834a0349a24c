import { createHash } from "node:crypto";
import type { PackageFiles, Properties } from "../../graph/resource-graph.ts";

/**
 * What a program reads of an uploaded package, like `sourceCodeHash`; it changes with the files. AWS hashes a ZIP file,
 * and none is made here, so that the values are others than on AWS.
 */
export function packageHash({ code, codeSha256, sourceCodeHash }: Properties): Properties {
  const files = (code as PackageFiles | undefined)?.files;
  if (!files) return {};
  const hash = createHash("sha256");
  let bytes = 0;
  for (const [path, content] of Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const length = Buffer.byteLength(content);
    hash.update(`${JSON.stringify(path)} ${length} `).update(content);
    bytes += length;
  }
  const digest = hash.digest();
  return {
    codeSha256: codeSha256 ?? digest.toString("base64"),
    sourceCodeHash: sourceCodeHash ?? digest.toString("hex"),
    sourceCodeSize: bytes,
  };
}
