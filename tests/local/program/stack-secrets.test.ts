import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { readStackConfig } from "../../../local/program/stack-config.ts";
import { withProject } from "../../engine/temporary-project.ts";

/** Made by the Pulumi CLI 3.274.1 with `pulumi config set --secret` and this passphrase; nothing in it is secret. */
const stackFile = readFileSync(new URL("Pulumi.secrets.yaml", import.meta.url), "utf8");
const passphrase = "open sesame";
const encrypted = { "Pulumi.yaml": "name: sample", "Pulumi.secrets.yaml": stackFile };

const variables = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PATH"] as const;

const plain = {
  "sample:password": "correct horse",
  "sample:plain": "text",
  "sample:keys": '["visible","hidden"]',
  "sample:database": '{"port":5432,"user":{"token":"12345"}}',
};
const secretKeys = ["sample:password", "sample:keys", "sample:database"];

/** A program `pulumi` in the folder, which runs this script of the shell. */
function withCli<T>(script: string, files: Record<string, string>, use: (folder: string) => T): Promise<T> {
  return withProject(
    { "Pulumi.yaml": "name: sample", "bin/pulumi": `#!/bin/sh\n${script}\n`, ...files },
    (at) => {
      chmodSync(join(at, "bin/pulumi"), 0o755);
      process.env.PATH = join(at, "bin") + delimiter + process.env.PATH;
      return use(at);
    },
  );
}

function failure(path: string, stack: string): string {
  try {
    readStackConfig(path, stack);
    return "none";
  } catch (error) {
    return (error as Error).message.replaceAll(`${path}/`, "");
  }
}

describe("readStackConfig with encrypted values", () => {
  const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  beforeEach(() => {
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
    delete process.env.PULUMI_CONFIG_PASSPHRASE_FILE;
  });
  afterEach(() => {
    for (const name of variables)
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  });

  it("decrypts them with the stack's passphrase, in lists and objects too", async () => {
    process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    await withProject(encrypted, (at) => {
      const { config, ...stack } = readStackConfig(at, "secrets");
      assert.deepEqual(config, plain);
      assert.deepEqual(stack.secretKeys, secretKeys);
    });
  });

  it("reads the passphrase from a file", async () => {
    await withProject({ ...encrypted, passphrase: `${passphrase}\n` }, (at) => {
      process.env.PULUMI_CONFIG_PASSPHRASE_FILE = join(at, "passphrase");
      assert.deepEqual(readStackConfig(at, "secrets").config, plain);
    });
  });

  // Deriving it takes longer than that on every machine.
  it("derives the key once", async () => {
    process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    await withProject(encrypted, (at) => {
      readStackConfig(at, "secrets");
      const startedAt = performance.now();
      readStackConfig(at, "secrets");
      assert.ok(performance.now() - startedAt < 100);
    });
  });

  it("refuses another passphrase", async () => {
    process.env.PULUMI_CONFIG_PASSPHRASE = "open";
    assert.equal(
      await withProject(encrypted, (at) => failure(at, "secrets")),
      "Pulumi.secrets.yaml: the passphrase in PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE is not the one of this stack",
    );
  });

  it("refuses a value that was encrypted with another one", async () => {
    process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    const files = {
      "Pulumi.yaml": "name: sample",
      "Pulumi.dev.yaml": stackFile.replace("v1:mhIpb6yk8b8YvkrD", "v1:AAAAAAAAAAAAAAAA"),
    };
    await withProject(files, (at) =>
      assert.equal(
        failure(at, "dev"),
        "Pulumi.dev.yaml: sample:password was not encrypted with the stack's passphrase: set it again",
      ),
    );
  });

  it("names the ways on where the passphrase is not set", async () => {
    assert.equal(
      await withProject(encrypted, (at) => failure(at, "secrets")),
      "Pulumi.secrets.yaml: sample:password, sample:keys, and sample:database are encrypted: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or give them with --config sample:password=<value> --config sample:keys=<value> --config sample:database=<value>",
    );
  });

  const cloudFile = "config:\n  password:\n    secure: AAAB\n  keys:\n    - secure: AAAC\n  plain: text\n";

  it("asks the Pulumi CLI once where the stack has no passphrase", async () => {
    const answer = JSON.stringify({
      "sample:password": { value: "correct horse", secret: true },
      "sample:keys": { value: '["hidden"]', objectValue: ["hidden"], secret: true },
    });
    const script = `echo "$PWD $*" >> asked; echo '${answer}'`;
    await withCli(script, { "Pulumi.cloud.yaml": cloudFile }, (at) => {
      for (let i = 0; i < 2; i++) {
        const { config, ...stack } = readStackConfig(at, "cloud");
        assert.deepEqual(config, {
          "sample:password": "correct horse",
          "sample:keys": '["hidden"]',
          "sample:plain": "text",
        });
        assert.deepEqual(stack.secretKeys, ["sample:password", "sample:keys"]);
      }
      const longer = readStackConfig(at, "cloud", ["keys[1]=more"]);
      assert.equal(longer.config["sample:keys"], '["hidden","more"]');
      assert.equal(
        readFileSync(join(at, "asked"), "utf8"),
        `${at} config --show-secrets --json --non-interactive --stack cloud\n`,
      );
      writeFileSync(join(at, "Pulumi.cloud.yaml"), cloudFile.replace("AAAB", "AAAD"));
      readStackConfig(at, "cloud");
      assert.equal(readFileSync(join(at, "asked"), "utf8").split("\n").length, 3);
    });
  });

  it("repeats what the Pulumi CLI says when it cannot", async () => {
    const script = 'echo "error: no stack named cloud found" >&2; exit 255';
    await withCli(script, { "Pulumi.cloud.yaml": cloudFile }, (at) =>
      assert.equal(
        failure(at, "cloud"),
        'Pulumi.cloud.yaml: sample:password and sample:keys are encrypted, and pulumi config --show-secrets says "error: no stack named cloud found": solve that, or give them with --config sample:password=<value> --config sample:keys=<value>',
      ),
    );
  });

  it("does not call the npm package, which would download a CLI", async () => {
    const files = { "Pulumi.yaml": "name: sample", "Pulumi.cloud.yaml": cloudFile };
    await withProject(files, (at) => {
      process.env.PATH = join(at, "node_modules/.bin");
      assert.equal(
        failure(at, "cloud"),
        "Pulumi.cloud.yaml: sample:password and sample:keys are encrypted without a passphrase: put the Pulumi CLI on the PATH and log in, or give them with --config sample:password=<value> --config sample:keys=<value>",
      );
    });
  });
});
