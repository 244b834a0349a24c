import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "mocha";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import {
  claimsOf,
  type LocalCognito,
  notAuthorized,
  outcomeOf,
  publicClient,
  refusal,
  resultOf,
  startLocalCognito,
  userPoolId,
} from "./local-cognito.ts";

const otherClient = { clientId: "otherclient1" };
const otherId = "eu-west-1_OtherPool";

describe("user pools that are served together", () => {
  let cognito: LocalCognito;
  let other: UserPool;
  before(async () => {
    cognito = await startLocalCognito();
    other = new UserPool({
      userPoolId: otherId,
      clients: [otherClient],
      users: [{ username: "carol", password: "Carol-demo-1", groups: [] }],
      signingKeys: generateSigningKeys(),
    });
    cognito.pools.add(other);
  });
  after(() => cognito.server.close());

  it("sign their own users in, by the app client", async () => {
    const { AccessToken } = resultOf(await cognito.signIn("carol", "Carol-demo-1", otherClient));
    assert.equal(claimsOf(AccessToken).iss, `https://cognito-idp.eu-west-1.amazonaws.com/${otherId}`);
    assert.deepEqual(
      outcomeOf(await cognito.signIn("carol", "Carol-demo-1", publicClient)),
      refusal("UserNotFoundException", "User does not exist."),
    );
  });

  it("are told apart by the pool's id, and by the issuer of an access token", async () => {
    const usersOf = async (UserPoolId: string) => {
      const { body } = await cognito.callSigned("ListUsers", { UserPoolId });
      return (body as { Users: { Username: string }[] }).Users.map(({ Username }) => Username);
    };
    assert.deepEqual([await usersOf(userPoolId), await usersOf(otherId)], [["alice", "bob"], ["carol"]]);
    const { AccessToken } = resultOf(await cognito.signIn("carol", "Carol-demo-1", otherClient));
    const { body } = await cognito.call("GetUser", { AccessToken });
    assert.equal((body as { Username: string }).Username, "carol");
  });

  it("publish their own keys", async () => {
    const { body } = await cognito.get(`/${otherId}/.well-known/jwks.json`);
    assert.deepEqual(body, other.jwks());
    assert.notDeepEqual(body, cognito.pool.jwks());
  });

  it("answer under Cognito's host of any region", async () => {
    for (const Host of [
      "cognito-idp.eu-west-1.amazonaws.com",
      "issuer-cognito-idp.us-east-1.amazonaws.com:443",
    ])
      assert.equal(await statusUnder(cognito.server.port, Host), 200, Host);
    for (const Host of ["cognito-idp.eu-west-1.amazonaws.com.attacker.example", "amazonaws.com"])
      assert.equal(await statusUnder(cognito.server.port, Host), 403, Host);
  });

  it("are as good as absent once they are gone", async () => {
    const { AccessToken } = resultOf(await cognito.signIn("carol", "Carol-demo-1", otherClient));
    cognito.pools.delete(otherId);
    const unknownPool = refusal("ResourceNotFoundException", `User pool ${otherId} does not exist.`);
    assert.deepEqual(
      [
        outcomeOf(await cognito.get(`/${otherId}/.well-known/jwks.json`)),
        outcomeOf(await cognito.callSigned("ListUsers", { UserPoolId: otherId })),
        outcomeOf(await cognito.signIn("carol", "Carol-demo-1", otherClient)),
        outcomeOf(await cognito.call("GetUser", { AccessToken })),
      ],
      [
        unknownPool,
        unknownPool,
        refusal("ResourceNotFoundException", "User pool client otherclient1 does not exist."),
        notAuthorized("Invalid Access Token"),
      ],
    );
  });
});

async function statusUnder(port: number, Host: string): Promise<number | undefined> {
  const path = `/${userPoolId}/.well-known/jwks.json`;
  const [response] = await once(request({ port, path, headers: { Host } }).end(), "response");
  response.resume();
  return response.statusCode;
}
