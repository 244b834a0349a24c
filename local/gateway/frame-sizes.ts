const nothing = Buffer.alloc(0);

/**
 * Reads the lengths of a client's frames from its bytes (RFC 6455, section 5.2): a frame may be too long although its
 * message is not, and `ws` tells of messages only.
 */
export class FrameSizes {
  /** The beginning of a header that the chunk before this one broke off. */
  #header: Buffer = nothing;
  #payloadLeft = 0;

  /** Payload bytes of the longest frame whose header ends in this chunk; 0 for none. */
  longestIn(chunk: Buffer): number {
    let longest = 0;
    let bytes = this.#header.length > 0 ? Buffer.concat([this.#header, chunk]) : chunk;
    for (;;) {
      const passed = Math.min(this.#payloadLeft, bytes.length);
      this.#payloadLeft -= passed;
      bytes = bytes.subarray(passed);
      const headerLength = headerLengthOf(bytes);
      if (bytes.length < headerLength) break;
      this.#payloadLeft = payloadLengthOf(bytes);
      longest = Math.max(longest, this.#payloadLeft);
      bytes = bytes.subarray(headerLength);
    }
    // Even an empty part of the chunk would keep all of it in memory.
    this.#header = bytes.length > 0 ? bytes : nothing;
    return longest;
  }
}

/** As much as the bytes so far tell. A client's header ends with a mask; one without is the socket's to refuse. */
function headerLengthOf(bytes: Buffer): number {
  const [, second = 0] = bytes;
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
}

function payloadLengthOf(bytes: Buffer): number {
  const [, second = 0] = bytes;
  const length = second & 0x7f;
  if (length < 126) return length;
  return length === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
}
