import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Email } from "../../local/user-pool/operation.ts";
import { ask, bearer, open, withTestStack } from "../test-stack.ts";
import { clientId } from "../token-factory.ts";

describe("a user who signs up", () => {
  it("is confirmed by the code that the operator sees, and connects", () => {
    const emails: Email[] = [];
    return withTestStack({ onEmail: (email) => emails.push(email) }, async (stack) => {
      const call = async (operation: string, input: object) => {
        const response = await fetch(`http://localhost:${stack.userPoolPort}`, {
          method: "POST",
          headers: { "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}` },
          body: JSON.stringify({ ClientId: clientId, ...input }),
        });
        assert.equal(response.status, 200);
        return (await response.json()) as { AuthenticationResult: { AccessToken: string } };
      };
      await call("SignUp", {
        Username: "carol",
        Password: "Carol-demo-1",
        UserAttributes: [{ Name: "email", Value: "carol@example.com" }],
      });
      const [email] = emails;
      await call("ConfirmSignUp", { Username: "carol", ConfirmationCode: email?.content });
      const { AuthenticationResult: tokens } = await call("InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "carol", PASSWORD: "Carol-demo-1" },
      });
      const socket = await open(stack.url, bearer(tokens.AccessToken));
      assert.equal(JSON.parse(await ask(socket, '{"action":"whoami"}')).username, "carol");
      socket.close();
    });
  });
});
