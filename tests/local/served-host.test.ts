import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, it } from "mocha";
import { isServedHost } from "../../local/http/served-host.ts";
import { withTestStack } from "../test-stack.ts";

const emulatedHost = "cognito-idp.us-east-1.amazonaws.com";

describe("a local server", () => {
  it("knows loopback and the emulated host by name, and no other", () => {
    for (const [host, isServed] of [
      ["localhost", true],
      ["LocalHost:9229", true],
      ["127.0.0.1:9229", true],
      ["[::1]:9229", true],
      [emulatedHost, true],
      [`${emulatedHost}:443`, true],
      [undefined, false],
      ["", false],
      ["attacker.example:9229", false],
      ["localhost.attacker.example", false],
      ["127.0.0.1.attacker.example:9229", false],
      ["attacker.example@localhost", false],
      [`${emulatedHost}.attacker.example`, false],
      ["cognito-idp.us-east-2.amazonaws.com", false],
    ] as const) {
      assert.equal(isServedHost(host, [emulatedHost]), isServed, host);
    }
  });

  it("answers nothing about connections, functions or pages under another name", async () => {
    await withTestStack({}, async ({ port, apis }) => {
      const answerTo = async (host: string, method: string, path: string) => {
        const sent = request({ host: "127.0.0.1", port, method, path, headers: { Host: host } }).end();
        const [response] = await once(sent, "response");
        return [response.statusCode, await text(response)];
      };
      for (const [method, path, status] of [
        ["POST", "/prod/@connections/TXzPWdnOjoECGjA=", 403],
        ["POST", "/2015-03-31/functions/whoami/invocations", 403],
        ["GET", "/prod", 426],
      ] as const) {
        const refusal = [403, "this host is not served here\n"];
        assert.deepEqual(await answerTo(`attacker.example:${port}`, method, path), refusal, path);
        for (const host of ["localhost", apis[0]?.domainName ?? assert.fail()]) {
          const answer = await answerTo(host, method, path);
          assert.equal(answer[0], status, path);
          assert.notDeepEqual(answer, refusal, path);
        }
      }
    });
  });
});
