import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPulumiCli, pulumiCliAbsence } from "../engine/pulumi-cli.ts";
import { PulumiStack } from "../engine/pulumi-stack.ts";
import { sources } from "../engine/temporary-project.ts";
import { UpdateLab } from "./update-lab.ts";
import { changesOf, errorsOf, surplusOf } from "./update-matrix.ts";

/** Two stacks in one account, and an upgrade from a git revision: `node tests/updates/run-stacks.ts <revision>`. */
const cli = findPulumiCli();
if (!cli) throw new Error(pulumiCliAbsence);
const [revision = "09ba81a"] = process.argv.slice(2);
const domain = { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const lab = await UpdateLab.start(cli);

async function twoStacks() {
  const manager = await lab.stack({ name: "manager", config: { apiGatewayLogRole: "manage", ...domain } });
  const other = await lab.stack({ name: "other", config: domain });
  console.log(`manage: exit ${(await manager.up()).exitCode}`);
  const taken = await other.up();
  console.log(`existing, with the same domain: exit ${taken.exitCode}: ${errorsOf(taken).join(" | ")}`);
  other.setConfig({ domainName: undefined, hostedZoneId: undefined });
  console.log(`existing, without a domain: exit ${(await other.up()).exitCode}`);
  const notifier = await PulumiStack.create(lab.backend, {
    program: fileURLToPath(new URL("examples/notifier", sources)),
    config: { "aws:region": "us-east-1", apiStack: "organization/jwt-websocket-api/manager" },
  });
  console.log(`a stack that attaches the policy: exit ${(await notifier.up()).exitCode}`);
  const count = lab.resources.length;
  const refused = await manager.destroy();
  console.log(
    `destroy with the policy attached: exit ${refused.exitCode}, ${count - lab.resources.length} of ${count} gone: ${errorsOf(refused).join(" | ")}`,
  );
  console.log(`up after it: ${changesOf(await manager.up()).join(", ") || "nothing to do"}`);
  console.log(
    `destroy in the right order: ${[await notifier.destroy(), await manager.destroy()].map(({ exitCode }) => exitCode)}`,
  );
  console.log(`the other stack then: ${changesOf(await other.up()).join(", ") || "nothing to do"}`);
  console.log(
    `manage again: exit ${(await manager.up()).exitCode}; log roles: ${lab.resources.filter((one) => one === "iam/role:Role api-gateway-logs").length}`,
  );
  for (const stack of [manager, other]) console.log(`destroy: ${(await stack.destroy()).exitCode}`);
}

async function upgrade() {
  const folder = join(lab.program, "..", "former");
  mkdirSync(folder);
  const tree = execFileSync(
    "git",
    ["archive", revision, "index.ts", "infra", "functions", "package.json", "Pulumi.yaml", "tsconfig.json"],
    {
      cwd: sources.replace("file://", ""),
      maxBuffer: 1e8,
    },
  );
  execFileSync("tar", ["xf", "-", "-C", folder], { input: tree });
  // The stack stays; the files of the program become those of the revision, and then those of now.
  const present = join(lab.program, "..", "present");
  const files = ["index.ts", "infra", "functions", "package.json", "Pulumi.yaml"];
  mkdirSync(present);
  for (const file of files) cpSync(join(lab.program, file), join(present, file), { recursive: true });
  const put = (from: string) => {
    for (const file of files) {
      rmSync(join(lab.program, file), { recursive: true });
      cpSync(join(from, file), join(lab.program, file), { recursive: true });
    }
  };
  put(folder);
  const stack = await lab.stack({ name: "upgraded", config: domain });
  const first = await stack.up();
  console.log(`${revision}: exit ${first.exitCode} ${first.exitCode ? errorsOf(first).join(" | ") : ""}`);
  put(present);
  const { update, lost } = await lab.watch(() => stack.up());
  console.log(`upgrade: exit ${update.exitCode} ${update.exitCode ? errorsOf(update).join(" | ") : ""}`);
  for (const line of changesOf(update)) console.log(`  ${line}`);
  console.log(`lost: ${lost.join(", ") || "nothing"}`);
  console.log(
    `second up: ${changesOf(await stack.up()).join(", ") || "nothing to do"}; left over: ${(await surplusOf(lab, stack)).join(", ") || "nothing"}`,
  );
  put(folder);
  console.log(`downgrade: exit ${(await stack.up()).exitCode}; destroy: ${(await stack.destroy()).exitCode}`);
}

try {
  await upgrade();
  lab.edit({});
  await twoStacks();
} finally {
  await lab.close();
}
process.exit(0);
