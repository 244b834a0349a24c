import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

// A deleted pool takes its users with it. Without the clients and the group they could not sign in, so Pulumi refuses to
// delete any of these, and AWS refuses to delete the pool. To remove the stack, set this to false and run `up` first.
const isProtected = true;
const protection = { protect: isProtected };

// Users sign in with a name and a password. Nobody can sign up alone: an administrator makes every user.
const pool = new aws.cognito.UserPool(
  "users",
  {
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    passwordPolicy: {
      minimumLength: 12,
      requireLowercase: true,
      requireNumbers: true,
      requireSymbols: true,
      requireUppercase: true,
      temporaryPasswordValidityDays: 1,
    },
    deletionProtection: isProtected ? "ACTIVE" : "INACTIVE",
  },
  protection,
);

// Short-lived access tokens: a connection outlives its token anyway, and a stolen one is good until it expires.
const lifetimes = {
  accessTokenValidity: 15,
  idTokenValidity: 15,
  refreshTokenValidity: 7,
  tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
};

// For browsers and apps, which cannot keep a secret.
const publicClient = new aws.cognito.UserPoolClient(
  "browser",
  {
    userPoolId: pool.id,
    generateSecret: false,
    explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    ...lifetimes,
  },
  protection,
);

// For servers, which sign users in with AWS credentials and a secret.
const confidentialClient = new aws.cognito.UserPoolClient(
  "server",
  {
    userPoolId: pool.id,
    generateSecret: true,
    explicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    ...lifetimes,
  },
  protection,
);

const group = new aws.cognito.UserGroup(
  "group",
  {
    userPoolId: pool.id,
    name: config.get("groupName") ?? "admins",
  },
  protection,
);

/** The pool, for the API's setting userPoolId. */
export const userPoolId = pool.id;
/** Its clients, for the API's setting userPoolClientIds: the public one first. */
export const userPoolClientIds = [publicClient.id, confidentialClient.id];
/** A group, for the API's setting requiredGroups. */
export const groupName = group.name;
/** Sets both settings that the API's stack requires: to run in the API's folder. */
export const configureCommand = pulumi.interpolate`npx pulumi config set-all --path --plaintext userPoolId=${pool.id} --plaintext 'userPoolClientIds[0]=${publicClient.id}' --plaintext 'userPoolClientIds[1]=${confidentialClient.id}'`;
