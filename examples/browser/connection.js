/** What API Gateway allows, with some of it left for safety. */
export const defaultTimes = {
  /** It closes a connection that is idle for 10 minutes. */
  keepAliveMs: 9 * 60_000,
  /** It closes every connection after 2 hours. */
  renewalMs: 115 * 60_000,
  /** The wait after the first failure, at most; each next one is twice as long, */
  firstDelayMs: 1000,
  /** up to this one, */
  maxDelayMs: 60_000,
  /** until a connection has lasted this long. */
  stableMs: 60_000,
};

/**
 * A connection that lasts. It opens anew when it is closed, waiting longer each time that this fails, and also before
 * it gets too old: the new one is there before the old one goes. After a close or a refusal it asks for a fresh token.
 * A browser does not learn why it was refused; if a fresh token is refused too, the reason is another, and it is kept.
 *
 * Events: `open`; `message`, with its text as detail; `waiting`, with { delayMs, failures }, while there is no
 * connection; `ended`, once, after `close` or when there is no token any more.
 */
export class Connection extends EventTarget {
  #args;
  #times;
  #socket;
  #timers = {};
  #isOpening = false;
  #isOver = false;
  #needsFreshToken = false;
  /** Whether the token was made after the last connection. */
  #isTokenFresh = false;
  #failures = 0;

  /**
   * @param {object} args
   * @param {string} args.url wss://…
   * @param {string} args.protocol what the client speaks; the token is offered beside it, and never answered
   * @param {(options: { fresh: boolean }) => Promise<string | undefined>} args.getToken fresh: not one that it gave
   *   before. Undefined ends the connection; after a rejection it is asked again.
   * @param {string} args.keepAlive a message that does no harm
   * @param {Partial<typeof defaultTimes>} [args.times]
   */
  constructor({ times, ...args }) {
    super();
    this.#args = args;
    this.#times = { ...defaultTimes, ...times };
    this.#open();
  }

  /** @returns {boolean} false if there is no connection now: nothing was sent */
  send(text) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    this.#setTimer("keepAlive", this.#times.keepAliveMs, () => this.send(this.#args.keepAlive));
    return true;
  }

  /** Ends it for good. */
  close() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#clearTimers();
    this.#socket?.close(1000);
    this.#tell("ended");
  }

  async #open() {
    if (this.#isOpening || this.#isOver) return;
    this.#isOpening = true;
    const socket = await this.#dial().catch(() => undefined);
    this.#isOpening = false;
    if (this.#isOver) socket?.close(1000);
    else if (socket) this.#use(socket);
    else this.#retry();
  }

  /** @returns {Promise<WebSocket | undefined>} undefined where the handshake was refused, or did not arrive */
  async #dial() {
    const fresh = this.#needsFreshToken;
    const token = await this.#args.getToken({ fresh });
    this.#isTokenFresh ||= fresh;
    if (token === undefined) this.close();
    if (this.#isOver) return undefined;
    const socket = new WebSocket(this.#args.url, [this.#args.protocol, `bearer.${token}`]);
    socket.addEventListener("message", ({ data }) => this.#tell("message", data));
    const isOpen = await new Promise((resolve) => {
      socket.addEventListener("open", () => resolve(true));
      socket.addEventListener("close", () => resolve(false));
    });
    this.#needsFreshToken = !isOpen && !this.#isTokenFresh;
    this.#isTokenFresh &&= !isOpen;
    return isOpen ? socket : undefined;
  }

  #use(socket) {
    const former = this.#socket;
    this.#socket = socket;
    this.#clearTimers();
    this.#setTimer("stable", this.#times.stableMs, () => {
      this.#failures = 0;
    });
    this.#setTimer("renewal", this.#times.renewalMs, () => this.#open());
    this.#setTimer("keepAlive", this.#times.keepAliveMs, () => this.send(this.#args.keepAlive));
    socket.addEventListener("close", () => {
      if (socket === this.#socket && !this.#isOver) this.#lose();
    });
    this.#tell("open");
    former?.close(1000);
  }

  #lose() {
    this.#socket = undefined;
    this.#needsFreshToken = true;
    this.#clearTimers();
    if (!this.#isOpening) this.#retry();
  }

  /** The wait is between half and the whole of its limit, so that clients do not come all at once. */
  #retry() {
    const { firstDelayMs, maxDelayMs } = this.#times;
    const limitMs = Math.min(maxDelayMs, firstDelayMs * 2 ** this.#failures++);
    const delayMs = (limitMs * (1 + Math.random())) / 2;
    this.#setTimer("retry", delayMs, () => this.#open());
    if (!this.#socket) this.#tell("waiting", { delayMs, failures: this.#failures });
  }

  #setTimer(name, ms, action) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(action, ms);
  }

  #clearTimers() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
