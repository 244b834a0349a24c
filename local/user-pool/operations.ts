import { accountOperations } from "./account-operations.ts";
import { clientOperations } from "./client-operations.ts";
import { groupOperations } from "./group-operations.ts";
import { adminInitiateAuth, initiateAuth } from "./initiate-auth.ts";
import { listUsers } from "./list-users.ts";
import type { Operation } from "./operation.ts";
import { refreshTokenOperations } from "./refresh-token-operations.ts";
import { adminRespondToAuthChallenge, respondToAuthChallenge } from "./respond-to-auth-challenge.ts";
import { signUpOperations } from "./sign-up-operations.ts";
import { userOperations } from "./user-operations.ts";
import { userPoolOperations } from "./user-pool-operations.ts";

/** The operations of the API on one pool, by name; to add one, add an entry. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    InitiateAuth: initiateAuth,
    AdminInitiateAuth: adminInitiateAuth,
    RespondToAuthChallenge: respondToAuthChallenge,
    AdminRespondToAuthChallenge: adminRespondToAuthChallenge,
    ...refreshTokenOperations,
    ...accountOperations,
    ...signUpOperations,
    ...userOperations,
    ListUsers: listUsers,
    ...groupOperations,
    ...clientOperations,
    ...userPoolOperations,
  }),
);
