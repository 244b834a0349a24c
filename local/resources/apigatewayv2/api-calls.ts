import type { Needs } from "../needs.ts";

/** What deploys an API and all that belongs to it. */
export const apiCalls: Needs = {
  actions: ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => `apigateway:${method}`),
  resources: (_, { account: { partition, region } }) =>
    ["/apis", "/apis/*", "/tags/*"].map((path) => `arn:${partition}:apigateway:${region}::${path}`),
};
