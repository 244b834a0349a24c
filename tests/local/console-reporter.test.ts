import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { InvocationReport } from "../../local/lambda/invocation.ts";
import type { LogEntry } from "../../local/lambda/lambda-service.ts";
import { ConsoleReporter } from "../../local/screen/console-reporter.ts";
import { withoutColours } from "../without-colours.ts";

const connectionId = "TXzPWdnOjoECGjA=";
const sourceIp = "127.0.0.1";

/** What the reporter prints, each line without the time that begins it. */
function printed(use: (reporter: ConsoleReporter) => void): string[] {
  const lines: string[] = [];
  use(new ConsoleReporter((line) => lines.push(line)));
  return lines.map((line) => {
    const [, told] = /^\d\d:\d\d:\d\d {2}(.+)$/su.exec(line) ?? assert.fail(line);
    return told ?? "";
  });
}

describe("the console reporter", () => {
  withoutColours();

  it("tells of handshakes, messages and closes in a line each", () => {
    const lines = printed(({ gateway }) => {
      gateway({ type: "handshake", connectionId, sourceIp, status: 101 });
      gateway({
        type: "handshake",
        connectionId,
        sourceIp,
        status: 101,
        principalId: "sub-1",
        username: "alice",
      });
      gateway({
        type: "handshake",
        connectionId,
        sourceIp,
        status: 101,
        principalId: "sub-1",
        subprotocol: "app.v1",
      });
      gateway({ type: "handshake", connectionId, sourceIp, status: 401, because: "it is so" });
      gateway({ type: "handshake", connectionId, sourceIp, status: 429 });
      gateway({ type: "message", connectionId, routeKey: "$default", bytes: 19, text: "said" });
      gateway({
        type: "answer",
        connectionId,
        routeKey: "$default",
        bytes: 61,
        text: "told",
        latencyMs: 1.25,
      });
      gateway({
        type: "answer",
        connectionId,
        routeKey: "join",
        bytes: 61,
        text: "told",
        latencyMs: 2,
        because: "it failed",
      });
      gateway({ type: "push", connectionId, bytes: 5, text: "hello" });
      gateway({ type: "closed", connectionId, code: 1001, reason: "Going away" });
      gateway({ type: "closed", connectionId, code: 1006, reason: "" });
    });
    assert.deepEqual(lines, [
      "open     TXzPWdnOjoECGjA=",
      'open     TXzPWdnOjoECGjA=  as "alice"',
      'open     TXzPWdnOjoECGjA=  as "sub-1"  speaking "app.v1"',
      "401      TXzPWdnOjoECGjA=  it is so",
      "429      TXzPWdnOjoECGjA=",
      "→        TXzPWdnOjoECGjA=  $default  19 bytes",
      "←        TXzPWdnOjoECGjA=  $default  61 bytes  1.3 ms",
      "←        TXzPWdnOjoECGjA=  join  61 bytes  2.0 ms  it failed",
      "⇐        TXzPWdnOjoECGjA=  @connections  5 bytes",
      'close    TXzPWdnOjoECGjA=  1001  "Going away"',
      "close    TXzPWdnOjoECGjA=  1006",
    ]);
  });

  it("tells what to do about the refusals that a newcomer meets, and about no other", () => {
    const advice = {
      no_token: 'send one, in quotes: -H "Authorization: Bearer <token>"',
      malformed_authorization: 'it must be one header, in quotes: -H "Authorization: Bearer <token>"',
      expired: "get a new token: npm run -s token",
      unknown_key: "keys are new at each npm start; get a new token: npm run -s token",
      wrong_client: "",
      constructor: "",
    };
    for (const [reason, told] of Object.entries(advice)) {
      const line = JSON.stringify({ _aws: {}, decision: "deny", reason, connectionId, latencyMs: 1 });
      const entry: LogEntry = {
        logicalName: "authorizer",
        requestId: "1",
        stream: "stdout",
        level: "INFO",
        line,
      };
      assert.deepEqual(
        printed(({ log }) => log(entry)),
        [`deny     ${connectionId}  ${reason}  1.0 ms${told && `  ${told}`}`],
      );
    }
  });

  it("tells what became of a save", () => {
    const lines = printed(({ reload }) => {
      reload("functions/ping.ts", "deployed in 412 ms");
      reload("index.ts", "not deployed", "red");
    });
    assert.deepEqual(lines, [
      "reload   functions/ping.ts  deployed in 412 ms",
      "reload   index.ts          not deployed",
    ]);
  });

  it("tells of the authorizer's decisions", () => {
    const line = (decision: string, reason: string, latencyMs: number) =>
      JSON.stringify({ _aws: {}, connectionId, decision, reason, decisions: 1, latencyMs });
    const lines = printed(({ log }) => {
      log({ logicalName: "authorizer", stream: "stdout", line: line("allow", "allowed", 1.666) });
      log({ logicalName: "authorizer", stream: "stdout", line: line("deny", "expired", 1.72) });
      log({ logicalName: "authorizer", stream: "stdout", line: line("fail", "keys_unavailable", 2000) });
    });
    assert.deepEqual(lines, [
      "allow    TXzPWdnOjoECGjA=  allowed  1.7 ms",
      "deny     TXzPWdnOjoECGjA=  expired  1.7 ms  get a new token: npm run -s token",
      "fail     TXzPWdnOjoECGjA=  keys_unavailable  2000.0 ms",
    ]);
  });

  it("tells what functions log, each line with the function's name, but not the error that means 401", () => {
    const failure = (errorMessage: string) =>
      `Invoke Error \t${JSON.stringify({ errorType: "Error", errorMessage, stack: [`Error: ${errorMessage}`, "    at x", "    at y"] })}`;
    const lines = printed(({ log }) => {
      const entry = { logicalName: "join", stream: "stdout" } as const;
      log({ ...entry, line: "joined", level: "INFO" });
      log({ ...entry, line: "raw" });
      log({ ...entry, line: "odd", level: "WARN" });
      log({ ...entry, line: "bad", level: "ERROR" });
      log({ ...entry, line: "worse", level: "FATAL" });
      log({ ...entry, line: '{"_aws":{},"joined":1}' });
      log({ ...entry, stream: "platform", line: "INIT_REPORT Init Duration: 1.00 ms" });
      log({ ...entry, stream: "stderr", level: "ERROR", line: failure("no room,\nnowhere") });
      log({ ...entry, logicalName: "authorizer", stream: "stderr", line: failure("Unauthorized") });
    });
    assert.deepEqual(lines, [
      "log      join              joined",
      "log      join              raw",
      "warn     join              odd",
      "error    join              bad",
      "error    join              worse",
      'log      join              {"joined":1}',
      "error    join              Error: no room,",
      "error    join              nowhere",
      "error    join                  at x",
      "error    join                  at y",
    ]);
  });

  it("tells what each invocation took, in columns, and how the platform ended it", () => {
    const report = { requestId: "1", durationMs: 1.84, memoryMb: 256, maxMemoryUsedMb: 9 };
    const lines = printed(({ log }) => {
      const told = (outcome: InvocationReport["outcome"], more: Partial<InvocationReport> = {}) =>
        log({
          logicalName: "join",
          stream: "platform",
          line: "REPORT RequestId: 1",
          report: { ...report, ...more, outcome },
        });
      told({ status: "success" }, { initMs: 92.3 });
      told({ status: "success" }, { durationMs: 123.45, maxMemoryUsedMb: 12 });
      told({ status: "timeout" }, { durationMs: 10_000 });
      told({ status: "error", errorType: "Runtime.OutOfMemory" });
    });
    assert.deepEqual(lines, [
      "report   join                  1.8 ms  9 of 256 MB  init 92 ms",
      "report   join                123.5 ms  12 of 256 MB",
      "report   join              10000.0 ms  9 of 256 MB  timed out",
      "report   join                  1.8 ms  9 of 256 MB  Runtime.OutOfMemory",
    ]);
  });

  it("tells of sign-ins and warnings", () => {
    const lines = printed(({ authentication, warning }) => {
      const clientId = "client";
      authentication({ operation: "InitiateAuth", username: "alice", clientId, outcome: "success" });
      authentication({
        operation: "InitiateAuth",
        username: undefined,
        clientId,
        outcome: "NotAuthorizedException",
      });
      warning("something is odd");
    });
    assert.deepEqual(lines, [
      "sign-in  alice             InitiateAuth  success",
      "sign-in  (unknown)         InitiateAuth  NotAuthorizedException",
      "warning                    something is odd",
    ]);
  });

  it("shows the operator what the user pool would send, so that it cannot steer the terminal", () => {
    const lines = printed(({ email }) => {
      const to = "carol@example.com";
      email({ to, username: "carol", subject: "confirmation code", content: "012345" });
      email({
        to: "a\u001b@b.c",
        username: "\u001bcarol",
        subject: "temporary password",
        content: "\u0007Carol-temp-1",
      });
    });
    assert.deepEqual(lines, [
      "e-mail   carol             to carol@example.com  confirmation code 012345",
      "e-mail    carol            to a @b.c  temporary password  Carol-temp-1",
    ]);
  });

  it("shows what others chose so that it cannot steer the terminal", () => {
    const evil = "\u001b[2J\u0007\r\n\u009b1m";
    const lines = printed(({ gateway, log, authentication }) => {
      gateway({ type: "handshake", connectionId, sourceIp, status: 101, username: evil, subprotocol: evil });
      gateway({ type: "handshake", connectionId, sourceIp, status: 500, because: evil });
      gateway({
        type: "answer",
        connectionId,
        routeKey: "join",
        bytes: 1,
        text: evil,
        latencyMs: 1,
        because: evil,
      });
      gateway({ type: "closed", connectionId, code: 4000, reason: evil });
      log({ logicalName: "join", stream: "stdout", line: evil });
      log({
        logicalName: "join",
        stream: "stdout",
        line: JSON.stringify({ _aws: {}, decision: evil, reason: evil, connectionId: evil, latencyMs: 1 }),
      });
      log({
        logicalName: "join",
        stream: "stderr",
        line: `Invoke Error \t${JSON.stringify({ errorType: evil, errorMessage: evil })}`,
      });
      authentication({ operation: "InitiateAuth", username: evil, clientId: "client", outcome: "success" });
    });
    assert.equal(lines.length, 10);
    for (const line of lines) assert.doesNotMatch(line, /\p{Cc}/u);
  });
});
