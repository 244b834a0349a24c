import { type FunctionName, functionWeights } from "./function-names.ts";
import { Random } from "./random.ts";

/** A token that does not open a connection is answered with 401. */
export type TokenKind = "good" | "none" | "garbage" | "forged" | "expired" | "otherPool";

const messageWeights = {
  sendmessage: 30,
  large: 4,
  fragments: 6,
  whoami: 20,
  slowHandler: 6,
  throwing: 3,
  exiting: 1,
  hanging: 0.3,
  unknownAction: 8,
  notJson: 4,
  notAllowed: 6,
};

const actionWeights = {
  message: 70,
  burst: 2,
  slowReading: 4,
  push: 10,
  pushToNeighbour: 5,
  describe: 3,
  ping: 3,
};

const endingWeights = {
  noCode: 6,
  normal: 6,
  ownCode: 4,
  terminate: 6,
  delete: 6,
  binary: 3,
  longFrame: 2,
  longMessage: 2,
};

/** Clients that do not keep to the protocol, or not to its end. */
const rawWeights = {
  silent: 1,
  halfRequest: 1,
  vanishing: 3,
  halfClosing: 2,
  deaf: 2,
  garbage: 2,
  lingering: 2,
};

const kindWeights = { good: 70, refused: 14, raw: 16 };
const refusedTokens = { none: 1, garbage: 1, forged: 1, expired: 1, otherPool: 1 };

export type MessageKind = keyof typeof messageWeights;
export type ActionKind = Exclude<keyof typeof actionWeights, "message"> | MessageKind;
export type EndingKind = keyof typeof endingWeights | "serverCloses";
export type RawKind = keyof typeof rawWeights;

export interface Action {
  readonly afterMs: number;
  readonly kind: ActionKind;
}

interface Arrival {
  readonly atMs: number;
  /** Its user's name, which no other client has. */
  readonly name: string;
}

export interface WebSocketClientPlan extends Arrival {
  readonly type: "webSocket";
  readonly token: TokenKind;
  readonly source: "header" | "subprotocol";
  readonly actions: readonly Action[];
  readonly ending: EndingKind;
  /** Whether it takes in all answers before it ends. */
  readonly isPatient: boolean;
}

export interface RawClientPlan extends Arrival {
  readonly type: "raw";
  readonly kind: RawKind;
  readonly staysMs: number;
}

export type ClientPlan = WebSocketClientPlan | RawClientPlan;

/** A fault on our side: execution environments of a function killed, or the program replaced. */
export type Fault =
  | {
      readonly atMs: number;
      readonly type: "kill";
      readonly functionName: FunctionName;
      readonly moment: "now" | "busy";
    }
  | { readonly atMs: number; readonly type: "reload"; readonly isBroken: boolean };

export interface Plan {
  readonly clients: readonly ClientPlan[];
  readonly faults: readonly Fault[];
}

export interface PlanArgs {
  readonly seed: number;
  readonly durationMs: number;
  /** First part of the clients' names. */
  readonly prefix: string;
}

const clientsPerSecond = 6;
const msBetweenKills = 700;
const msBetweenReloads = 6000;

/** Who comes when and does what, and what is done to them: the same for the same arguments. */
export function planOf({ seed, durationMs, prefix }: PlanArgs): Plan {
  const random = new Random(seed);
  const count = Math.round((durationMs / 1000) * clientsPerSecond);
  const clients = Array.from({ length: count }, (_, i) =>
    clientPlan(random, { atMs: random.between(0, durationMs), name: `${prefix}${i}` }),
  );
  const faults = [...killsOf(random, durationMs), ...reloadsOf(random, durationMs)];
  return { clients: inOrder(clients), faults: inOrder(faults) };
}

/** Clients that are there when the server goes: they send messages or keep their sockets, and it closes them. */
export function lastClients(seed: number, count: number): readonly ClientPlan[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i): ClientPlan => {
    const arrival = { atMs: random.between(0, 1000), name: `last${i}` };
    if (i % 3 === 2) {
      const kind = random.weighted({ silent: 1, halfRequest: 1, deaf: 1, lingering: 2 });
      return { ...arrival, type: "raw", kind, staysMs: Number.POSITIVE_INFINITY };
    }
    const plan = goodClientPlan(random, arrival);
    const actions = plan.actions.filter(({ kind }) => kind in messageWeights || kind === "burst");
    return { ...plan, actions, ending: "serverCloses", isPatient: false };
  });
}

function clientPlan(random: Random, arrival: Arrival): ClientPlan {
  const kind = random.weighted(kindWeights);
  if (kind === "raw") return rawClientPlan(random, arrival);
  if (kind === "good") return goodClientPlan(random, arrival);
  return {
    ...goodClientPlan(random, arrival),
    token: random.weighted(refusedTokens),
    actions: [],
  };
}

function rawClientPlan(random: Random, arrival: Arrival): RawClientPlan {
  return { ...arrival, type: "raw", kind: random.weighted(rawWeights), staysMs: random.between(0, 800) };
}

function goodClientPlan(random: Random, arrival: Arrival): WebSocketClientPlan {
  return {
    ...arrival,
    type: "webSocket",
    token: "good",
    source: random.weighted({ header: 2, subprotocol: 1 }),
    actions: Array.from({ length: random.between(0, 14) }, () => actionOf(random)),
    ending: random.weighted(endingWeights),
    isPatient: random.next() < 0.6,
  };
}

function actionOf(random: Random): Action {
  const afterMs = random.weighted({ atOnce: 1, later: 1 }) === "atOnce" ? 0 : random.between(1, 400);
  const kind = random.weighted(actionWeights);
  return { afterMs, kind: kind === "message" ? random.weighted(messageWeights) : kind };
}

function killsOf(random: Random, durationMs: number): Fault[] {
  return Array.from({ length: Math.floor(durationMs / msBetweenKills) }, () => ({
    atMs: random.between(0, durationMs),
    type: "kill",
    functionName: random.weighted(functionWeights),
    moment: random.weighted({ now: 1, busy: 2 }),
  }));
}

function reloadsOf(random: Random, durationMs: number): Fault[] {
  return Array.from({ length: Math.floor(durationMs / msBetweenReloads) }, (_, i) => ({
    atMs: (i + 0.5) * msBetweenReloads + random.between(0, 1000),
    type: "reload",
    isBroken: random.next() < 0.15,
  }));
}

function inOrder<T extends { readonly atMs: number }>(events: readonly T[]): readonly T[] {
  return events.toSorted((a, b) => a.atMs - b.atMs);
}
