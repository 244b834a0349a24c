import { OperatorError } from "../operator-error.ts";
/** One Lambda function as its Pulumi resource describes it. */
export interface FunctionDefinition {
  readonly functionName: string;
  readonly functionArn: string;
  /** The name that logs carry, such as `authorizer`. */
  readonly logicalName: string;
  /** The deployment package: path inside it to content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Module path without extension, a dot, and the export: `index.handler`. */
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  /** Text unless given; JSON leaves out what `console` writes below a level, INFO unless given. */
  readonly logging?: { readonly format: "Text" | "JSON"; readonly level?: string };
  readonly region: string;
  /** Invocations at a time beyond which the function is throttled; 0 throttles every one. */
  readonly reservedConcurrency?: number;
  /** Temporary credentials of the function's role. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** Throws when this machine cannot run the function as AWS would. */
export function checkDefinition({ functionName, runtime, files }: FunctionDefinition): void {
  if (!/^nodejs\d+\.x$/.test(runtime)) {
    throw new OperatorError(
      `function ${functionName}: runtime ${runtime} cannot run locally, only nodejs runtimes can`,
    );
  }
  for (const file of Object.keys(files)) {
    if (file.startsWith("/") || file.split(/[\\/]/).includes("..")) {
      throw new OperatorError(`function ${functionName}: package path ${file} leaves the package`);
    }
  }
}
