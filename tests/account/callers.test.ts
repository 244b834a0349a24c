import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Callers, operatorCredentials } from "../../local/account/callers.ts";
import { graphOf } from "../resource-graph.ts";
import { allowing, functionArn, functionWith, role } from "./account-fixture.ts";

const connections = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/POST/@connections";

describe("the operator", () => {
  it("may do everything", () => {
    const operator = new Callers(graphOf()).byAccessKey("LOCALOPERATOR");
    assert.equal(operator?.arn, "arn:aws:iam::123456789012:user/operator");
    assert.deepEqual(operator?.credentials, operatorCredentials);
    assert.equal(operator?.may("iam:DeleteRole", "*"), true);
  });
});

describe("a function's role", () => {
  const push = allowing("execute-api:ManageConnections", `${connections}/*`);
  const callers = new Callers(graphOf(role, push, functionWith()));
  const caller = callers.ofFunction(functionArn);

  it("is known by its session and by its access key", () => {
    assert.equal(caller.arn, "arn:aws:sts::123456789012:assumed-role/join-role/join-1");
    assert.equal(callers.byAccessKey(caller.credentials.accessKeyId), caller);
  });

  it("has temporary credentials, new in every run", () => {
    const { accessKeyId, secretAccessKey, sessionToken } = caller.credentials;
    assert.match(accessKeyId, /^ASIA[0-9A-F]{16}$/);
    assert.equal(secretAccessKey.length, 40);
    assert.equal(sessionToken.length, 128);
    const again = new Callers(graphOf(role, functionWith())).ofFunction(functionArn).credentials;
    for (const name of ["accessKeyId", "secretAccessKey", "sessionToken"] as const)
      assert.notEqual(again[name], caller.credentials[name]);
  });

  it("keeps its credentials in the next deployment, unless it is another role", () => {
    const next = new Callers(graphOf(role, functionWith()), callers);
    assert.deepEqual(next.ofFunction(functionArn).credentials, caller.credentials);
    assert.equal(
      next.ofFunction(functionArn).may("execute-api:ManageConnections", `${connections}/a=`),
      false,
    );
    const other = { ...role, outputs: { ...role.outputs, arn: `${role.outputs.arn}-2` } };
    const moved = functionWith();
    const inputs = { ...moved.inputs, role: other.outputs.arn };
    const later = new Callers(graphOf(other, { ...moved, inputs }), next);
    assert.notDeepEqual(later.ofFunction(functionArn).credentials, caller.credentials);
  });

  it("may do what its policies say, and nothing else", () => {
    assert.equal(caller.may("execute-api:ManageConnections", `${connections}/abc=`), true);
    assert.equal(caller.may("execute-api:Invoke", `${connections}/abc=`), false);
    assert.equal(caller.may("execute-api:ManageConnections", connections.replace("prod", "other")), false);
  });
});

describe("nobody", () => {
  const callers = new Callers(graphOf(role, functionWith()));

  it("has an access key that nobody was given", () => {
    assert.equal(callers.byAccessKey("AKIDSTRANGER"), undefined);
    assert.equal(callers.byAccessKey("constructor"), undefined);
  });

  it("runs a function that is not there", () => {
    assert.throws(() => callers.ofFunction(`${functionArn}-other`), {
      message: `there is no function ${functionArn}-other`,
    });
  });
});
