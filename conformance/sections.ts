import { authorizationHeaderCases } from "./cases/authorization-header.ts";
import { authorizerAnswerCases } from "./cases/authorizer-answers.ts";
import { connectAnswerCases } from "./cases/connect-answers.ts";
import { eventCases } from "./cases/events.ts";
import { forgedTokenCases } from "./cases/forged-tokens.ts";
import { frameCases } from "./cases/frames.ts";
import { handshakeCases } from "./cases/handshake.ts";
import { limitCases } from "./cases/limits.ts";
import { managementApiCases } from "./cases/management-api.ts";
import { managementSignatureCases } from "./cases/management-signatures.ts";
import { messageCases } from "./cases/messages.ts";
import { otherTokenCases } from "./cases/other-tokens.ts";
import { routeAnswerCases } from "./cases/route-answers.ts";
import { subprotocolCases } from "./cases/subprotocols.ts";
import { userPoolCases } from "./cases/user-pool.ts";
import type { ConformanceCase } from "./conformance-case.ts";

export interface Section {
  readonly title: string;
  readonly cases: readonly ConformanceCase[];
}

/** Every case, in the order in which a connection meets what they are about. */
export const sections: readonly Section[] = [
  { title: "handshake", cases: handshakeCases },
  { title: "authorization header", cases: authorizationHeaderCases },
  { title: "subprotocols", cases: subprotocolCases },
  { title: "forged tokens", cases: forgedTokenCases },
  { title: "other tokens", cases: otherTokenCases },
  { title: "messages", cases: messageCases },
  { title: "frames", cases: frameCases },
  { title: "@connections", cases: managementApiCases },
  { title: "signatures of @connections", cases: managementSignatureCases },
  { title: "user pool", cases: userPoolCases },
  { title: "answers of an authorizer", cases: authorizerAnswerCases },
  { title: "answers of $connect", cases: connectAnswerCases },
  { title: "answers of routes", cases: routeAnswerCases },
  { title: "events", cases: eventCases },
  { title: "limits", cases: limitCases },
];
