import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { emulatedPort, isEmulated } from "../../local/sandbox/emulated-hosts.ts";

const hosts = {
  "cognito-idp.*.amazonaws.com": { port: 3001 },
  "cognito-idp.eu-west-1.amazonaws.com": { port: 3009 },
};

describe("an emulated host", () => {
  it("may stand for those of every region, of which a named one comes first", () => {
    for (const [name, port] of [
      ["cognito-idp.us-east-1.amazonaws.com", 3001],
      ["cognito-idp.eu-west-1.amazonaws.com", 3009],
      ["cognito-idp.us-east-1.amazonaws.com.cn", undefined],
      ["cognito-idp.a.b.amazonaws.com", undefined],
      ["lambda.us-east-1.amazonaws.com", undefined],
      ["amazonaws.com", undefined],
    ] as const) {
      assert.equal(emulatedPort(hosts, name, 443), port, name);
      assert.equal(isEmulated(hosts, name), port !== undefined, name);
    }
    assert.equal(emulatedPort(hosts, "cognito-idp.us-east-1.amazonaws.com", 8443), undefined);
  });
});
