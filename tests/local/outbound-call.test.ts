import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, bearer, open, withTestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { withCode } from "./alterations.ts";

describe("a function that calls somebody else", () => {
  it("fails with an error that names them, which the client does not see", async () => {
    const source = `exports.handler = () => new Promise((resolve, reject) => {
      require("node:https").get("https://example.com/", resolve).on("error", reject);
    });`;
    await withTestStack({ alter: withCode("whoami", source) }, async (stack) => {
      const socket = await open(stack.url, bearer(accessToken()));
      const answer = await ask(socket, '{"action":"whoami"}');
      assert.match(
        answer,
        /^\{"message": "Internal server error", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/,
      );
      const hosts = [
        ...["cognito-idp", "issuer-cognito-idp"].flatMap((host) =>
          ["amazonaws.com", "amazonaws.com.cn"].map((suffix) => `${host}.*.${suffix}`),
        ),
        ...stack.apis.map(({ domainName }) => domainName),
      ];
      const message = `outbound call to example.com refused: only emulated AWS hosts are reachable locally (${hosts.join(", ")})`;
      const { line } = await stack.untilLog("whoami", ({ stream }) => stream === "stderr");
      assert.equal(JSON.parse(line.replace(/^Invoke Error \t/, "")).errorMessage, message);
      assert.equal((await stack.untilEvent("answer")).because, message);
    });
  });
});
