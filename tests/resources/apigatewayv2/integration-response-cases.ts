import type { AcceptedCase, RuleCase } from "../rule-case.ts";
import { changed } from "../rule-program.ts";

const response = ["apigatewayv2/integrationResponse:IntegrationResponse", "ping"] as const;

const mock = ["apigatewayv2/integration:Integration", "ping"] as const;

const uri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations";

export const refused: readonly RuleCase[] = [
  ...["default", "20", "2000", "/2(/", "/2", "//", "ok"].map((key) => ({
    rule: "integration-response-key",
    of: response,
    inputs: { integrationResponseKey: key },
    says: `integrationResponseKey is "${key}": must be $default, or a regular expression between slashes like /2\\d\\d/`,
  })),
  {
    rule: "integration-response-integration",
    of: response,
    inputs: { integrationId: "another" },
    says: 'integrationId is "another": API {api} has no such integration',
  },
  {
    rule: "integration-response-integration",
    of: response,
    inputs: { apiId: "another" },
    says: 'integrationId is "{mock}": API another has no such integration',
  },
  {
    rule: "integration-response-proxy",
    of: response,
    alter: changed(mock, { integrationType: "AWS_PROXY", integrationMethod: "POST", integrationUri: uri }),
    says: 'integrationId is "{mock}": the integration is AWS_PROXY, which passes what the backend answers on as it is: nothing asks for an integration response',
  },
];

export const accepted: readonly AcceptedCase[] = ["/2\\d\\d/", "/.*/", "200"].map((key) => ({
  what: `the integration response key ${key}`,
  of: response,
  inputs: { integrationResponseKey: key },
}));
