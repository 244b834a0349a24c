import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FrameSizes } from "../../local/gateway/frame-sizes.ts";

/** A masked text frame with a payload of that many bytes that look like headers. */
function frame(length: number): Buffer {
  const header =
    length < 126
      ? Buffer.from([0x81, 0x80 | length])
      : length < 65_536
        ? Buffer.from([0x81, 0xfe, length >> 8, length & 0xff])
        : Buffer.from([
            0x81,
            0xff,
            0,
            0,
            0,
            0,
            ...new Uint8Array(new Uint32Array([length]).buffer).reverse(),
          ]);
  return Buffer.concat([header, Buffer.alloc(4 + length, 0xff)]);
}

describe("frame sizes", () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000])
    it(`reads a length of ${length}`, () => {
      assert.equal(new FrameSizes().longestIn(frame(length)), length);
    });

  it("tells the longest of several frames", () => {
    const frames = Buffer.concat([frame(5), frame(40_000), frame(0), frame(7)]);
    assert.equal(new FrameSizes().longestIn(frames), 40_000);
  });

  it("tells each frame once, wherever the chunks break", () => {
    const frames = Buffer.concat([frame(5), frame(300), frame(0), frame(70_000), frame(7)]);
    for (const size of [1, 2, 3, 7, 13]) {
      const sizes = new FrameSizes();
      const told: number[] = [];
      for (let start = 0; start < frames.length; start += size)
        told.push(sizes.longestIn(frames.subarray(start, start + size)));
      assert.deepEqual(
        told.filter((length) => length > 0),
        [5, 300, 70_000, 7],
      );
    }
  });
});
