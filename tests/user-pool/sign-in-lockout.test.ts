import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { SignInLockout } from "../../local/user-pool/sign-in-lockout.ts";
import { type LocalCognito, notAuthorized, outcomeOf, startLocalCognito } from "./local-cognito.ts";

const lockedOut = { code: "NotAuthorizedException", message: "Password attempts exceeded" };
const minuteMs = 60_000;

/** Fails once at that time, and returns how long that locks the user out. */
function lockoutAfterFailure(lockout: SignInLockout, nowMs: number): number {
  lockout.admit(nowMs);
  lockout.fail(nowMs);
  for (const ms of [0, 1000, 2000, 4000, 8000, 16_000, 900_000]) {
    try {
      lockout.admit(nowMs + ms);
      return ms;
    } catch {}
  }
  throw new Error("locked out for more than 15 minutes");
}

describe("the lockout of a guesser", () => {
  it("begins with the fifth failure, at one second, and doubles with each further one", () => {
    const lockout = new SignInLockout();
    let nowMs = 0;
    const lockouts = Array.from({ length: 9 }, () => {
      const ms = lockoutAfterFailure(lockout, nowMs);
      nowMs += ms;
      return ms;
    });
    assert.deepEqual(lockouts, [0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000]);
  });

  it("is no longer than 15 minutes", () => {
    const lockout = new SignInLockout();
    for (let i = 0; i < 50; i++) lockout.fail(0);
    lockout.admit(0 + 15 * minuteMs);
    assert.throws(() => {
      const other = new SignInLockout();
      for (let i = 0; i < 50; i++) other.fail(0);
      other.admit(15 * minuteMs - 1);
    }, lockedOut);
  });

  it("is not prolonged by attempts that it refuses", () => {
    const lockout = new SignInLockout();
    for (let i = 0; i < 6; i++) lockout.fail(0);
    for (const ms of [500, 1000, 1999]) assert.throws(() => lockout.admit(ms), lockedOut);
    lockout.admit(2000);
  });

  it("is forgotten after 15 minutes without an attempt, and not before", () => {
    const lockout = new SignInLockout();
    for (let i = 0; i < 5; i++) lockout.fail(0);
    lockout.admit(5 * minuteMs);
    lockout.admit(20 * minuteMs - 1);
    assert.equal(lockoutAfterFailure(lockout, 20 * minuteMs), 2000);
    assert.equal(lockoutAfterFailure(lockout, 40 * minuteMs), 0);
  });
});

describe("a sign-in after failed ones", () => {
  let cognito: LocalCognito;

  before(async () => {
    cognito = await startLocalCognito();
  });

  after(() => cognito.server.close());

  it("is refused with the right password too, for that user alone, until the time is up", async () => {
    const signIn = async (username: string, password: string) =>
      outcomeOf(await cognito.signIn(username, password));
    for (let i = 0; i < 5; i++)
      assert.deepEqual(await signIn("alice", "wrong"), notAuthorized("Incorrect username or password."));
    assert.deepEqual(await signIn("alice", "Alice-demo-1"), notAuthorized("Password attempts exceeded"));
    assert.equal((await signIn("bob", "Bob-demo-1"))[0], 200);
    cognito.time.seconds += 1;
    assert.equal((await signIn("alice", "Alice-demo-1"))[0], 200);
    assert.deepEqual(await signIn("alice", "wrong"), notAuthorized("Incorrect username or password."));
    assert.equal((await signIn("alice", "Alice-demo-1"))[0], 200);
  });
});
