import { execFile, spawnSync } from "node:child_process";
import { devNull } from "node:os";

/** The version line of the AWS CLI on the PATH; undefined where there is none. */
export const awsCliVersion = readVersion();

/** What to say where there is none. */
export const awsCliAbsence = "the AWS CLI is not on the PATH";

/** What it takes to give the CLI raw bytes: an option in version 2, nothing in version 1. */
export const rawBytes = awsCliVersion?.startsWith("aws-cli/1.")
  ? []
  : ["--cli-binary-format", "raw-in-base64-out"];

/** What the CLI finds in its environment: no profile, settings or proxy of whoever runs the tests. */
export const awsCliEnvironment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name))),
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
};

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the AWS CLI with these credentials. */
export function awsCli(
  args: readonly string[],
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<CommandResult> {
  const env = {
    ...awsCliEnvironment,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return new Promise((resolve) => {
    execFile("aws", args, { env }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function readVersion(): string | undefined {
  const { status, stdout, stderr } = spawnSync("aws", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout || stderr : undefined;
}
