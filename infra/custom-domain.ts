import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FormerResource } from "./own-state.ts";
import type { Settings } from "./settings.ts";

export interface CustomDomainArgs {
  readonly domainName: string;
  /** Public hosted zone that gets the records; undefined: somebody else points the name at the domain. */
  readonly hostedZoneId: pulumi.Input<string> | undefined;
  /** A ready certificate of this region; undefined: one is requested, and validated in the hosted zone. */
  readonly certificateArn: pulumi.Input<string> | undefined;
  readonly ipAddressType: Settings["ipAddressType"];
  readonly apiId: pulumi.Input<string>;
  readonly stage: aws.apigatewayv2.Stage;
  /** What the stack had before this run. */
  readonly former: readonly FormerResource[];
}

/**
 * Serves the stage at the root of a name of its own, with the certificate and the DNS records that it takes.
 * @returns what nothing else depends on
 */
export function customDomain(args: CustomDomainArgs): pulumi.Resource[] {
  const { domainName, hostedZoneId, ipAddressType } = args;
  const certificateArn = args.certificateArn ?? validatedCertificate(domainName, hostedZoneId ?? "");
  const domain = new aws.apigatewayv2.DomainName("domain", {
    domainName,
    domainNameConfiguration: {
      certificateArn,
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
      ipAddressType,
    },
  });
  // Without a mapping key the stage is the root: clients connect to wss://<name>.
  // AWS takes no second mapping for a name, so a new one must wait until the old one is gone. Another name has its own.
  const isRenamed = args.former.some(
    ({ type, outputs }) =>
      type === "aws:apigatewayv2/apiMapping:ApiMapping" && outputs.domainName !== domainName,
  );
  const mapping = new aws.apigatewayv2.ApiMapping(
    "domain",
    { apiId: args.apiId, domainName: domain.id, stage: args.stage.id },
    { deleteBeforeReplace: !isRenamed },
  );
  if (!hostedZoneId) return [mapping];
  const target = domain.domainNameConfiguration;
  const records = (ipAddressType === "dualstack" ? ["A", "AAAA"] : ["A"]).map(
    (type) =>
      new aws.route53.Record(`domain-${type.toLowerCase()}`, {
        zoneId: hostedZoneId,
        name: domainName,
        type,
        aliases: [
          { name: target.targetDomainName, zoneId: target.hostedZoneId, evaluateTargetHealth: false },
        ],
      }),
  );
  return [mapping, ...records];
}

function validatedCertificate(domainName: string, hostedZoneId: pulumi.Input<string>): pulumi.Output<string> {
  const certificate = new aws.acm.Certificate("domain", { domainName, validationMethod: "DNS" });
  const proof = certificate.domainValidationOptions.apply(([option]) => {
    if (!option) throw new pulumi.RunError(`domainName: AWS names no record that would prove ${domainName}`);
    return option;
  });
  // The proof of a name is the same for every certificate of the account: another one may have put it there, and may
  // need it after this stack is gone.
  const record = new aws.route53.Record(
    "domain-proof",
    {
      zoneId: hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true,
    },
    { retainOnDelete: true },
  );
  return new aws.acm.CertificateValidation("domain", {
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  }).certificateArn;
}
