import { type BundledAuthorizer, type BundledAuthorizers, bundleAuthorizers } from "./bundled-authorizers.ts";
import { CpuShare } from "./cpu-share.ts";
import { decideFirst, type FirstDecision } from "./first-decision.ts";
import { type Contender, interleave } from "./interleave.ts";
import { installPeerPackages } from "./peer-packages.ts";
import { goal, heading, note, ownMedian, ratioGoal, table } from "./report.ts";
import { pick } from "./rounds.ts";
import { requireSameChecks } from "./same-checks.ts";
import { decideWarm } from "./warm-decisions.ts";

const jose = "jose, remote key set";
const jsonwebtoken = "jsonwebtoken + jwks-rsa";
const cryptoVerify = "crypto.verify alone";

/** Name to show, and file in peers/. */
const peers = {
  [jose]: "jose",
  [jsonwebtoken]: "jsonwebtoken",
  "fast-jwt + get-jwks": "fast-jwt",
  "aws-jwt-verify, keys given": "aws-jwt-verify",
  [cryptoVerify]: "crypto-verify",
};

/** Lambda gives one CPU at 1,769 MB, and in proportion below. */
const share = { memoryMb: 256, oneCpuMb: 1769, periodMs: 20 };

/** The authorizer as it is deployed, beside what does the same checks with other libraries. */
export async function benchAuthorizer(): Promise<void> {
  installPeerPackages();
  heading("authorizer", "event to policy: token source, RS256 signature, issuer, expiry, token use, client");
  note("bundled alike; this project as deployed: keys in its environment, and a log line per decision");
  note("the others log nothing; jose, jwks-rsa and get-jwks fetch the keys from loopback, without TLS");
  const bundled = await bundleAuthorizers(peers);
  try {
    await requireSameChecks(decidersOf(bundled), bundled);
    benchSize(bundled);
    await benchFirstDecision(bundled);
    await benchCpuShare(bundled);
    await benchWarmDecisions(bundled);
  } finally {
    await bundled.close();
  }
  note("npm run bench -- profile shows where the time goes");
}

function benchSize(bundled: BundledAuthorizers): void {
  const sizes = new Map(decidersOf(bundled).map(({ name, bytes }) => [name, [bytes]]));
  table("bundle, bytes", sizes, 0);
  goal("at most 20,000 bytes", ownMedian(sizes), 20_000, 0);
}

async function benchFirstDecision(bundled: BundledAuthorizers): Promise<void> {
  const rounds = await interleave("first decision", 21, contendersOf(bundled));
  const decisions = pick(rounds, ({ decisionMs }) => decisionMs);
  table("fresh process: load and first decision, ms", decisions, 1);
  ratioGoal(decisions, jose, 0.4);
  ratioGoal(decisions, jsonwebtoken, 0.4);
  table(
    "the whole process, start of Node.js included, ms",
    pick(rounds, ({ processMs }) => processMs),
    1,
  );
}

async function benchCpuShare(bundled: BundledAuthorizers): Promise<void> {
  const { memoryMb, oneCpuMb, periodMs } = share;
  if (process.platform === "win32") {
    note("the CPU share is not emulated on Windows, which has no SIGSTOP");
    return;
  }
  const cpu = new CpuShare(memoryMb / oneCpuMb, periodMs);
  const rounds = await interleave(`first decision at ${memoryMb} MB`, 13, contendersOf(bundled, cpu));
  await cpu.close();
  const decisions = pick(rounds, ({ decisionMs }) => decisionMs);
  table(`load and first decision at ${memoryMb} MB, ms`, decisions, 0);
  ratioGoal(decisions, jose, 0.3);
  note(
    `${(memoryMb / oneCpuMb).toFixed(4)} CPU, emulated: the process runs for ${((memoryMb / oneCpuMb) * periodMs).toFixed(2)} ms of each ${periodMs} ms (SIGCONT, SIGSTOP), all its threads at once`,
  );
}

async function benchWarmDecisions(bundled: BundledAuthorizers): Promise<void> {
  const rounds = await decideWarm("warm decisions", bundled);
  table("warm decision, µs", rounds, 1);
  ratioGoal(rounds, cryptoVerify, 2);
  ratioGoal(rounds, jose, 1);
  note(
    `that is ${Math.floor(1e6 / ownMedian(rounds)).toLocaleString("en-US")} decisions per second, one after another`,
  );
}

/** All but the signature alone, which is no decision. */
function decidersOf({ authorizers }: BundledAuthorizers): BundledAuthorizer[] {
  return authorizers.filter(({ name }) => name !== cryptoVerify);
}

function contendersOf(bundled: BundledAuthorizers, cpu?: CpuShare): Contender<FirstDecision>[] {
  return decidersOf(bundled).map((authorizer) => ({
    name: authorizer.name,
    run: () => decideFirst(authorizer, bundled, cpu),
  }));
}
