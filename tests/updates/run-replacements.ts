import { findPulumiCli, pulumiCliAbsence } from "../engine/pulumi-cli.ts";
import { UpdateLab } from "./update-lab.ts";
import { changesOf, errorsOf, staleRoutes, surplusOf } from "./update-matrix.ts";

/** What `up --replace` of each resource does, and what a new region does: `node tests/updates/run-replacements.ts`. */
const cli = findPulumiCli();
if (!cli) throw new Error(pulumiCliAbsence);
const lab = await UpdateLab.start(cli);
const [only = ""] = process.argv.slice(2);
try {
  const stack = await lab.stack({
    config: { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
  });
  console.log(`first up: ${(await stack.up()).exitCode}`);
  const patterns = [
    "Api::websocket",
    "Stage::websocket",
    "Deployment::websocket",
    "Authorizer::cognito",
    "Integration::whoami",
    "Route::whoami",
    "RouteResponse::whoami",
    "Model::whoami",
    "Function::whoami",
    "Role::whoami",
    "LogGroup::execution",
    "LogGroup::access",
    "Permission::whoami",
    "ApiMapping::domain",
    "DomainName::domain",
    "Certificate::domain",
    "Policy::manage-connections",
  ];
  for (const pattern of patterns.filter((one) => one.includes(only))) {
    const { update, lost } = await lab.watch(() => stack.up("--replace", `**${pattern}`));
    const result = update.exitCode === 0 ? "finished" : errorsOf(update).join(" | ").slice(0, 200);
    const next = await stack.up();
    console.log(
      [
        `${pattern}: ${result}`,
        `lost: ${lost.join(", ") || "nothing"}`,
        `next up: exit ${next.exitCode}, ${changesOf(next).join(", ").slice(0, 300) || "nothing to do"}`,
        `left over: ${(await surplusOf(lab, stack)).join(", ") || "nothing"}`,
        `stale: ${staleRoutes(lab).join(", ") || "nothing"}`,
      ].join("; "),
    );
  }
  if (only === "" || only === "region") {
    stack.setConfig({ "aws:region": "eu-west-1" });
    const preview = await stack.preview();
    console.log(
      `region, preview: ${JSON.stringify(preview.counts)} ${preview.messages.map(({ text }) => text).join(" | ")}`,
    );
    const { update, lost } = await lab.watch(() => stack.up());
    console.log(
      `region, up: exit ${update.exitCode} ${JSON.stringify(update.counts)} ${errorsOf(update).join(" | ").slice(0, 400)}; lost: ${lost.join(", ") || "nothing"}`,
    );
    const next = await stack.up();
    console.log(
      `next up: exit ${next.exitCode} ${changesOf(next).slice(0, 10).join(", ")} ${next.exitCode ? errorsOf(next).join(" | ").slice(0, 400) : ""}`,
    );
    console.log(`left over: ${(await surplusOf(lab, stack)).join(", ") || "nothing"}`);
  }
} finally {
  await lab.close();
}
process.exit(0);
