/** A variable that tells of the endpoint. */
export interface Variable {
  readonly name: string;
  /** What it holds. */
  readonly what: string;
  /** Where to get it, for a deployed stack and for `npm start`. */
  readonly deployed: string;
  readonly local: string;
}

/** Every variable by what it gives; the README's table is made of the same words. */
export const variables = {
  url: {
    name: "CONFORMANCE_URL",
    what: "where clients connect, stage included",
    deployed: "npx pulumi stack output url",
    local: "ws://localhost:3000/prod",
  },
  token: {
    name: "CONFORMANCE_TOKEN",
    what: "a valid access token",
    deployed: "aws cognito-idp initiate-auth, AuthenticationResult.AccessToken",
    local: "npm run -s token -- alice",
  },
  idToken: {
    name: "CONFORMANCE_ID_TOKEN",
    what: "a valid ID token",
    deployed: "the IdToken of the same sign-in",
    local: "npm run -s token -- alice --id",
  },
  expiredToken: {
    name: "CONFORMANCE_EXPIRED_TOKEN",
    what: "an access token that has expired",
    deployed: "one that you kept, 5 minutes old if the app client is set to that lifetime",
    local: "one that you kept for an hour; --local makes one",
  },
  otherClientToken: {
    name: "CONFORMANCE_OTHER_CLIENT_TOKEN",
    what: "a valid access token of the same pool, for an app client that is not in userPoolClientIds",
    deployed: "a sign-in with another app client",
    local: "a second npm start with other userPoolClientIds; --local makes one",
  },
  forbiddenToken: {
    name: "CONFORMANCE_FORBIDDEN_TOKEN",
    what: "a valid access token of a user who lacks the required group or scope",
    deployed: "a sign-in of such a user, on a stack with requiredGroups",
    local: "npm run -s token -- bob, with requiredGroups admins in Pulumi.dev.yaml",
  },
  managementEndpoint: {
    name: "CONFORMANCE_MANAGEMENT_ENDPOINT",
    what: "endpoint of @connections",
    deployed: "npx pulumi stack output managementEndpoint",
    local: "http://localhost:3000/prod",
  },
  credentials: {
    name: "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION",
    what: "credentials that may use @connections of the stack, and its region (AWS_SESSION_TOKEN if they have one)",
    deployed: "of a role with the policy of the output manageConnectionsPolicyArn",
    local: "LOCALOPERATOR, local, us-east-1",
  },
  userPoolEndpoint: {
    name: "CONFORMANCE_USER_POOL_ENDPOINT",
    what: "endpoint of the Cognito API",
    deployed: "https://cognito-idp.<region>.amazonaws.com",
    local: "http://localhost:3001",
  },
  probeUrls: {
    name: "CONFORMANCE_PROBE_URLS",
    what: "where clients connect to the probe's APIs, as JSON",
    deployed: "npx pulumi stack output urls --json --cwd conformance/probe",
    local: "npm start -- --program conformance/probe; --local sets it",
  },
} as const satisfies Readonly<Record<string, Variable>>;

/** The APIs of conformance/probe, by their stages. */
export const probeApis = ["events", "faults", "identity", "open", "throttled", "locked"] as const;
export type ProbeApi = (typeof probeApis)[number];
