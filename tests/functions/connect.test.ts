import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { handler } from "../../functions/connect.ts";

function chosen(headers: Record<string, string[]>) {
  return handler({ multiValueHeaders: headers });
}

describe("the $connect function", () => {
  it("accepts a client that offers no subprotocol, and names none", async () => {
    assert.deepEqual(await chosen({ Host: ["a.example"] }), { statusCode: 200 });
    assert.deepEqual(await handler({}), { statusCode: 200 });
  });

  it("names the first offered subprotocol, under any spelling of the header and over several lines", async () => {
    const answer = { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "app.v1" } };
    assert.deepEqual(await chosen({ "Sec-WebSocket-Protocol": ["app.v1, app.v2"] }), answer);
    assert.deepEqual(await chosen({ "sec-websocket-protocol": ["bearer.a.b.c", " app.v1 ,app.v2"] }), answer);
  });

  it("never names one that carries a token, in any letter case", async () => {
    for (const scheme of ["bearer", "Bearer", "BEARER"]) {
      assert.deepEqual(await chosen({ "Sec-WebSocket-Protocol": [`${scheme}.a.b.c`] }), { statusCode: 200 });
      assert.deepEqual(await chosen({ "Sec-WebSocket-Protocol": [`${scheme}.a.b.c,app.v1`] }), {
        statusCode: 200,
        headers: { "Sec-WebSocket-Protocol": "app.v1" },
      });
    }
  });
});
