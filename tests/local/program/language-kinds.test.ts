import assert from "node:assert/strict";
import { relative } from "node:path";
import { zipSync } from "fflate";
import { describe, it } from "mocha";
import { LambdaService } from "../../../local/lambda/lambda-service.ts";
import { deploymentOf } from "../../../local/stack/deployment.ts";
import { programRun } from "./program-folder.ts";

const yaml = (typescript: boolean) => `name: sample
runtime:
  name: nodejs
  options:
    typescript: ${typescript}
config:
  aws:region: eu-west-1
  port: 8080
  ratio: "0.5"
  isOn: true
  names:
    value: [Ann, Bob]
  password:
    value: hunter2
    secret: true
`;

interface Kind {
  readonly files: Record<string, string>;
  readonly extension: "ts" | "js";
  readonly packages: readonly string[];
  imports(module: string, name: string): string;
  importsBuiltIn(module: string, name: string): string;
  importsOne(module: string, name: string): string;
  exports(name: string, value: string): string;
}

const esModule = {
  packages: [],
  imports: (module: string, name: string) => `import * as ${name} from ${JSON.stringify(module)};`,
  // Pulumi does not serialize the namespace object of a built-in module.
  importsBuiltIn: (module: string, name: string) => `import ${name} from ${JSON.stringify(module)};`,
  importsOne: (module: string, name: string) => `import { ${name} } from ${JSON.stringify(module)};`,
  exports: (name: string, value: string) => `export const ${name} = ${value};`,
};

const kinds: Record<string, Kind> = {
  "a TypeScript ES module without a build": {
    ...esModule,
    extension: "ts",
    files: { "Pulumi.yaml": yaml(false), "package.json": '{ "type": "module", "main": "index.ts" }' },
  },
  "a JavaScript ES module": {
    ...esModule,
    extension: "js",
    files: { "Pulumi.yaml": yaml(false), "package.json": '{ "type": "module" }' },
  },
  "a CommonJS module": {
    packages: [],
    extension: "js",
    files: { "Pulumi.yaml": yaml(false), "package.json": "{}" },
    imports: (module, name) => `const ${name} = require(${JSON.stringify(module)});`,
    importsBuiltIn: (module, name) => `const ${name} = require(${JSON.stringify(module)});`,
    importsOne: (module, name) => `const { ${name} } = require(${JSON.stringify(module)});`,
    exports: (name, value) => `exports.${name} = ${value};`,
  },
  "TypeScript that Pulumi's runner compiles": {
    ...esModule,
    packages: ["@types/node"],
    extension: "ts",
    files: {
      "Pulumi.yaml": yaml(true),
      "package.json": "{}",
      "tsconfig.json": '{ "compilerOptions": { "types": ["node"], "strict": true, "skipLibCheck": true } }',
    },
    importsBuiltIn: esModule.imports,
    importsOne: (module, name) => `import { ${name} } from ${JSON.stringify(module.replace(/\.ts$/, ""))};`,
  },
};

const wordCount = 300;
const lineCount = 10_000;

function programOf({ imports, importsBuiltIn, importsOne, exports, extension }: Kind): string {
  return `
${imports("@pulumi/aws", "aws")}
${imports("@pulumi/pulumi", "pulumi")}
${importsBuiltIn("node:crypto", "crypto")}
${importsOne(`./greeting.${extension}`, "greet")}

for (let i = 0; i < ${wordCount}; i++) {
  console.log("said " + i);
  pulumi.log.info("noted " + i);
}
for (let i = 0; i < ${lineCount}; i++) console.log("line " + i);
console.error("complained");
pulumi.log.warn("warned");
pulumi.log.debug("debugged");

const config = new pulumi.Config();
${exports("organization", "pulumi.getOrganization()")}
${exports("project", "pulumi.getProject()")}
${exports("stack", "pulumi.getStack()")}
${exports("root", "pulumi.runtime.getRootDirectory ? pulumi.runtime.getRootDirectory() : pulumi.getRootDirectory()")}
${exports("folder", "process.cwd()")}
${exports("settings", '[config.require("port"), config.requireNumber("port"), config.getNumber("ratio"), config.requireBoolean("isOn"), config.requireObject("names"), config.get("absent") === undefined]')}
${exports("secrets", 'pulumi.all([pulumi.isSecret(config.requireSecret("password")), pulumi.isSecret(pulumi.output("x"))])')}
${exports("password", 'config.requireSecret("password")')}
${exports("derived", 'pulumi.interpolate`${config.requireSecret("password")}!`')}

const prefix = "hello";
function joined(...words) { return words.join(", "); }
class Reply {
  constructor(text) { this.text = text; }
  shout() { return this.text.toUpperCase(); }
}
const counts = { start: 1, list: [1, 2, 3] };
const role = new aws.iam.Role("functions", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
new aws.iam.RolePolicyAttachment("functions", {
  role,
  policyArn: aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole,
});
new aws.lambda.CallbackFunction("closure", {
  role,
  callback: async (event) => [prefix, joined("a", "b"), new Reply("c").shout(), counts.list.length, greet(event.name), crypto.createHash("md5").update("").digest("hex")],
});
new aws.lambda.CallbackFunction("factory", {
  role,
  callbackFactory: () => {
    const started = "factory";
    return async () => started;
  },
});

const files = {
  folder: new pulumi.asset.FileArchive("./app"),
  zip: new pulumi.asset.FileArchive("./app.zip"),
  assets: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.FileAsset("app/index.js"),
    "text.txt": new pulumi.asset.StringAsset("text"),
    inner: new pulumi.asset.FileArchive("./app"),
    zipped: new pulumi.asset.FileArchive("./app.zip"),
  }),
};
for (const [name, code] of Object.entries(files))
  new aws.lambda.Function(name, { role: role.arn, runtime: "nodejs24.x", handler: "index.handler", code });
`;
}

/** JavaScript with the types that the compiler asks for. */
function withTypes(source: string): string {
  return source
    .replace("(...words)", "(...words: string[])")
    .replace("constructor(text)", "readonly text: string;\n  constructor(text: string)")
    .replace("async (event)", "async (event: { name: string })");
}

const greeting = (kind: Kind) =>
  kind.extension === "ts"
    ? `const word: string = "dear";\nexport function greet(name: string) { return word + " " + name; }`
    : kind.exports("greet", '(name) => "dear " + name');

describe("a program of each kind", () => {
  for (const [what, kind] of Object.entries(kinds))
    describe(what, () => {
      const source = programOf(kind);
      const run = programRun(
        {
          ...kind.files,
          [`index.${kind.extension}`]: kind.extension === "ts" ? withTypes(source) : source,
          [`greeting.${kind.extension}`]: greeting(kind),
          "app/index.js": "exports.handler = async () => 1;",
          "app/lib/deep.js": "// deep",
          "app.zip": Buffer.from(
            zipSync({
              "index.js": Buffer.from("exports.handler = async () => 2;"),
              "lib/": new Uint8Array(),
            }),
          ),
        },
        "@pulumi/aws",
        ...kind.packages,
      );
      const textsFrom = (from: string) =>
        run()
          .lines.filter((line) => line.from === from)
          .map(({ text }) => text);

      it("prints every line in its order", () => {
        const said = Array.from({ length: wordCount }, (_, i) => `said ${i}`);
        const lines = Array.from({ length: lineCount }, (_, i) => `line ${i}`);
        assert.deepEqual(textsFrom("stdout"), [...said, ...lines]);
        assert.deepEqual(textsFrom("stderr"), ["complained"]);
      });

      it("logs every line in its order, debug lines aside", () => {
        assert.deepEqual(
          textsFrom("info"),
          Array.from({ length: wordCount }, (_, i) => `noted ${i}`),
        );
        assert.deepEqual(textsFrom("warning"), ["warned"]);
        assert.deepEqual([...new Set(run().lines.map(({ from }) => from))].sort(), [
          "info",
          "stderr",
          "stdout",
          "warning",
        ]);
      });

      it("knows its organization, project, stack and folders", () => {
        const { organization, project, stack, root, folder } = run().graph.outputs;
        assert.deepEqual([organization, project, stack], ["organization", "sample", "dev"]);
        assert.deepEqual([root, folder], [run().folder, run().folder]);
      });

      it("reads its configuration as the types that it asks for", () => {
        assert.deepEqual(run().graph.outputs.settings, ["8080", 8080, 0.5, true, ["Ann", "Bob"], true]);
      });

      it("keeps what the configuration declares as secret", () => {
        const { outputs, secretOutputs } = run().graph;
        assert.deepEqual(outputs.secrets, [true, false]);
        assert.deepEqual([outputs.password, outputs.derived], ["hunter2", "hunter2!"]);
        assert.deepEqual([...(secretOutputs ?? [])].sort(), ["derived", "password"]);
      });

      it("makes functions of callbacks, with what they capture", async () => {
        const { functions } = deploymentOf(run().graph);
        const lambda = new LambdaService({ functions, hosts: {} });
        const invoked = async (name: string) => {
          const arn = functions.find((one) => one.functionArn.includes(`:${name}-`))?.functionArn ?? "";
          const result = await lambda.invoke(arn, { name: "Ann" });
          return result.ok ? result.payload : result;
        };
        try {
          assert.deepEqual(await invoked("closure"), [
            "hello",
            "a, b",
            "C",
            3,
            "dear Ann",
            "d41d8cd98f00b204e9800998ecf8427e",
          ]);
          assert.deepEqual(await invoked("factory"), "factory");
        } finally {
          await lambda.close();
        }
      });

      it("packs folders, zip files and assets, from its own folder", () => {
        const filesOf = (name: string) => {
          const { files } = run().graph.resources.find((one) => one.name === name)?.inputs.code ?? {};
          return Object.fromEntries(
            Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string).toString()]),
          );
        };
        const index = "exports.handler = async () => 1;";
        const folder = { "index.js": index, "lib/deep.js": "// deep" };
        const zip = { "index.js": "exports.handler = async () => 2;" };
        assert.deepEqual(filesOf("folder"), folder);
        assert.deepEqual(filesOf("zip"), zip);
        assert.deepEqual(filesOf("assets"), {
          "index.js": index,
          "text.txt": "text",
          "inner/index.js": index,
          "inner/lib/deep.js": "// deep",
          "zipped/index.js": zip["index.js"],
        });
      });

      it("reports the files that it was made of, and no package", () => {
        const sources = run()
          .sources.map((path) => relative(run().folder, path))
          .sort();
        assert.deepEqual(sources, [
          "app",
          "app.zip",
          "app/index.js",
          `greeting.${kind.extension}`,
          `index.${kind.extension}`,
        ]);
      });
    });
});
