import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

console.log("printed to stdout");
console.error("printed to stderr");
pulumi.log.warn("logged as a warning");

for (const name of config.requireObject<string[]>("names"))
  new pulumi.ComponentResource("test:index:Greeting", name);
if (config.get("mistake")) throw new pulumi.RunError(config.require("mistake"));

/** What a stack of the same backend has as its output `folder`. */
const other = config.get("other");
export const otherFolder = other ? new pulumi.StackReference(other).getOutput("folder") : "none";
export const folder = process.cwd();
export const nodeArguments = process.execArgv;
export const organization = pulumi.getOrganization();
export const password = config.getSecret("password");
