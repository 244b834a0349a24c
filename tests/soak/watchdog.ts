interface Wait {
  readonly what: string;
  readonly deadline: number;
  readonly onOverdue: (error: Error) => void;
}

const checkMs = 250;
/** A check that comes later than this tells of a machine that stood still. */
const stallMs = 1000;

/** Nothing waits for ever: what is pending for too long is named and given up. */
export class Watchdog {
  readonly #waits = new Set<Wait>();
  readonly #limitMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #stalls: { readonly from: number; readonly to: number }[] = [];
  #checkedAt = performance.now();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.#timer = setInterval(() => this.#check(), checkMs);
  }

  /** What is pending now. */
  get pending(): readonly string[] {
    return [...this.#waits].map(({ what }) => what);
  }

  /** Whether this process stood still for a second or more: then time limits run out for no fault of the code. */
  wasStalled(from: number, to: number): boolean {
    const isNow = performance.now() - this.#checkedAt > stallMs;
    return isNow || this.#stalls.some((stall) => stall.from <= to && stall.to >= from);
  }

  /** How often the process stood still. */
  get stallCount(): number {
    return this.#stalls.length;
  }

  /** Returns a function that ends the wait. */
  start(what: string, onOverdue: (error: Error) => void): () => void {
    const wait = { what, deadline: performance.now() + this.#limitMs, onOverdue };
    this.#waits.add(wait);
    return () => void this.#waits.delete(wait);
  }

  /** The promise, which rejects when it is overdue. */
  during<T>(what: string, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = this.start(what, reject);
      promise.then(resolve, reject).finally(finish);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check() {
    const now = performance.now();
    if (now - this.#checkedAt > stallMs) this.#stalls.push({ from: this.#checkedAt, to: now });
    this.#checkedAt = now;
    for (const wait of this.#waits) {
      if (now < wait.deadline) continue;
      this.#waits.delete(wait);
      wait.onOverdue(new Error(`${wait.what}: pending for more than ${this.#limitMs} ms`));
    }
  }
}
