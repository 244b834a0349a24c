import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "mocha";
import { startTestStack } from "../test-stack.ts";
import { handshakeText } from "./deaf-client.ts";

describe("a client that is refused and keeps its side of the socket open", () => {
  it("does not keep the stack from closing", async () => {
    const stack = await startTestStack();
    const { hostname, port } = new URL(stack.url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.write(handshakeText(stack.url, "not.a.token"));
    const answer = Buffer.concat(await socket.toArray()).toString();
    assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/);
    assert.ok(answer.endsWith('\r\n\r\n{"message":"Unauthorized"}'), answer);
    await stack.close();
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
  });
});
