import type { RecordedResource, ResourceGraph } from "../../graph/resource-graph.ts";
import type { ResourceType } from "../resource-type.ts";

/** A DNS record. */
export const record: ResourceType = {
  type: "aws:route53/record:Record",
  create: ({ inputs: { zoneId, name, type, setIdentifier } }) => ({
    id: [zoneId, name, type, setIdentifier].filter((part) => typeof part === "string").join("_"),
    outputs: { fqdn: String(name ?? "").replace(/\.$/, "") },
  }),
  isGlobal: true,
  replacedBy: ["zoneId", "name"],
  rules: [],
  deployment: [
    {
      actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
      resources: hostedZone,
    },
    { actions: ["route53:GetHostedZone"], resources: hostedZone },
    {
      actions: ["route53:GetChange"],
      resources: (_, { account }) => [`arn:${account.partition}:route53:::change/*`],
    },
  ],
};

function hostedZone({ inputs }: RecordedResource, { account }: ResourceGraph): string[] {
  return [`arn:${account.partition}:route53:::hostedzone/${inputs.zoneId}`];
}
