import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "mocha";
import { type Linter, loadLinter } from "./linter.ts";
import { jobOf, type Workflow, workflows } from "./workflow.ts";

const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

function stepsOf({ jobs }: Workflow) {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

describe("the GitHub workflows", () => {
  let lint: Linter;

  before(async () => {
    lint = await loadLinter();
  });

  it("are these", () => {
    assert.deepEqual(
      workflows.map(({ file }) => file),
      ["deploy.yml", "preview.yml", "test.yml"],
    );
  });

  it("are looked at by a linter that finds faults", async () => {
    const faulty = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n    needs: b\n";
    assert.deepEqual((await lint(faulty)).sort(), [
      "line 3: The workflow must contain at least one job with no dependencies.",
      "line 5: Unexpected value 'step'",
      "line 6: Value 'b' is not valid",
    ]);
  });

  for (const workflow of workflows)
    describe(workflow.file, () => {
      it("has no fault that the linter knows", async () => {
        assert.deepEqual(await lint(workflow.text), []);
      });

      it("pins every action to a commit, with its version beside it", () => {
        const uses = [...workflow.text.matchAll(/uses: (.+)/g)].map(([, action = ""]) => action);
        const loose = uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
        const own = workflow.file === "deploy.yml" ? ["./.github/workflows/test.yml"] : [];
        assert.deepEqual(loose, own);
      });

      it("puts no expression into a script, where it would be code", () => {
        const scripts = stepsOf(workflow).flatMap(({ run = "" }) => run);
        assert.deepEqual(
          scripts.filter((script) => script.includes("${{")),
          [],
        );
      });

      it("keeps no credentials in the checkout", () => {
        const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
        assert.deepEqual(
          checkouts.map((step) => step.with),
          checkouts.map(() => ({ "persist-credentials": false })),
        );
      });

      it("runs scripts that package.json has", () => {
        const names = [...workflow.text.matchAll(/npm (?:run (?:-s )?)?([\w-]+)/g)].map(
          ([, name = ""]) => name,
        );
        assert.deepEqual(
          names.filter((name) => !["ci", ...Object.keys(scripts)].includes(name)),
          [],
        );
      });
    });

  it("give each job these permissions and no others", () => {
    const granted = workflows.flatMap(({ file, permissions, jobs }) => [
      [file, permissions],
      ...Object.entries(jobs).map(([name, job]) => [`${file} ${name}`, job.permissions]),
    ]);
    assert.deepEqual(granted, [
      ["deploy.yml", {}],
      ["deploy.yml test", { contents: "read" }],
      ["deploy.yml deploy", { contents: "read", "id-token": "write" }],
      ["preview.yml", {}],
      ["preview.yml preview", { contents: "read", "id-token": "write" }],
      ["preview.yml comment", { "pull-requests": "write" }],
      ["test.yml", { contents: "read" }],
      ["test.yml test", undefined],
    ]);
  });

  it("start on these events, none of which runs a fork's code with the repository's rights", () => {
    assert.deepEqual(
      workflows.map(({ file, on }) => [file, on]),
      [
        ["deploy.yml", { push: { branches: ["main"] } }],
        ["preview.yml", { pull_request: null }],
        ["test.yml", { push: { "branches-ignore": ["main"] }, pull_request: null, workflow_call: null }],
      ],
    );
    assert.equal(
      jobOf("preview.yml", "preview").if,
      "vars.AWS_PREVIEW_ROLE_ARN != '' && github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]'",
    );
  });

  it("deploy behind an environment, after the tests", () => {
    const { environment, if: condition, ...job } = jobOf("deploy.yml", "deploy");
    assert.deepEqual(
      { environment, condition, needs: Object(job).needs },
      { environment: "production", condition: "vars.AWS_DEPLOY_ROLE_ARN != ''", needs: "test" },
    );
  });
});
