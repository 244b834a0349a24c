import { deployPolicy, previewPolicy } from "../ci/deploy-policy.ts";
import { githubTrust } from "../ci/github-trust.ts";
import { localAccountId } from "../graph/partition.ts";
import type { StackConfig } from "../program/stack-config.ts";
import { defaultProgram, defaultStack, withoutFetchedKeys } from "../this-program.ts";
import { configOption, configUsage, readNamedStack, runCommand, UsageError } from "./command-line.ts";

const documents = ["preview-policy", "preview-trust", "deploy-policy", "deploy-trust"];

const usage = `npm run -s ci-policies -- <document> --account <id> [options]

Prints what the IAM roles of CI need, derived from the resources that the program declares.

  <document>             ${documents.join(", ")}
  --account <id>         AWS account of the stack, 12 digits
  --repository <name>    for trust: GitHub repository whose workflows take the role, like owner/name
  --environment <name>   for deploy-trust: environment of the deployment (default production)
  --stack <name>         stack whose Pulumi.<name>.yaml is read (default ${defaultStack})
  --config <setting>     ${configUsage}
  --help                 this text`;

const options = {
  account: { type: "string" },
  repository: { type: "string" },
  environment: { type: "string", default: "production" },
  stack: { type: "string", default: defaultStack },
  config: configOption,
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  const [name = "", ...others] = positionals;
  if (!documents.includes(name) || others.length > 0)
    throw new UsageError(`name one document: ${documents.join(", ")}\n\n${usage}`);
  const accountId = values.account ?? "";
  if (!/^\d{12}$/.test(accountId))
    throw new UsageError(
      `--account is ${JSON.stringify(accountId)}, but must be an AWS account id of 12 digits`,
    );
  const stackConfig = readNamedStack({ ...values, program: defaultProgram });
  const document = name.endsWith("-trust")
    ? githubTrust({ stackConfig, accountId, subject: subjectOf(name, values) })
    : await policyOf(name, stackConfig, accountId);
  console.log(JSON.stringify(document, null, 2));
});

function subjectOf(
  name: string,
  { repository = "", environment }: { repository?: string; environment: string },
) {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new UsageError(`--repository is ${JSON.stringify(repository)}, but must be like owner/name`);
  return name === "deploy-trust"
    ? `repo:${repository}:environment:${environment}`
    : `repo:${repository}:pull_request`;
}

/** Runs the program as it is configured, but for the pool's keys, which it reads without any right. */
async function policyOf(name: string, stackConfig: StackConfig, accountId: string) {
  const account = { accountId, apiGatewayLogRoleArn: `arn:aws:iam::${localAccountId}:role/api-gateway-logs` };
  // Loads what a trust does without.
  const { ProgramRunner } = await import("../program/program-runner.ts");
  const runner = new ProgramRunner({ account });
  const graph = await runner.run(withoutFetchedKeys(stackConfig));
  await runner.close();
  return name === "deploy-policy" ? deployPolicy(graph) : previewPolicy(graph);
}
