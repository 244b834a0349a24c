import type { RuleCase } from "../rule-case.ts";

const mapping = ["apigatewayv2/apiMapping:ApiMapping", "chat"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "mapping-domain",
    of: mapping,
    inputs: { domainName: "talk.example.com" },
    says: 'domainName is "talk.example.com": NotFoundException: Invalid domain name identifier specified',
  },
  {
    rule: "mapping-stage",
    of: mapping,
    inputs: { stage: "test" },
    says: 'stage is "test": API {api} has no stage of that name',
  },
];
