import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dependencyClosure, type ResourceGraph } from "../../local/engine/resource-graph.ts";
import { programGraph, resource } from "./program-graph.ts";

const domainName = "chat.example.com";
const hostedZoneId = "Z0123456789ABCDEFGHIJ";
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/ready";

const certificate = "aws:acm/certificate:Certificate";
const validation = "aws:acm/certificateValidation:CertificateValidation";
const domain = "aws:apigatewayv2/domainName:DomainName";
const mapping = "aws:apigatewayv2/apiMapping:ApiMapping";
const record = "aws:route53/record:Record";

/** Type and name of the resources that only a domain brings. */
async function added({ resources }: ResourceGraph): Promise<string[]> {
  const without = (await programGraph()).resources.map(({ urn }) => urn);
  return resources
    .filter(({ urn }) => !without.includes(urn))
    .map(({ type, name }) => `${type} ${name}`)
    .sort();
}

describe("a custom domain", () => {
  it("in a hosted zone gets a certificate, its proof, a mapping and two records, and nothing else", async () => {
    const graph = await programGraph({ domainName, hostedZoneId });
    assert.deepEqual(await added(graph), [
      `${certificate} domain`,
      `${validation} domain`,
      `${mapping} domain`,
      `${domain} domain`,
      `${record} domain-a`,
      `${record} domain-aaaa`,
      `${record} domain-proof`,
    ]);
  });

  it("waits for its certificate's proof", async () => {
    const graph = await programGraph({ domainName, hostedZoneId });
    const requested = resource(graph, certificate, "domain");
    const [proof] = requested.outputs.domainValidationOptions;
    assert.deepEqual(requested.inputs, { domainName, validationMethod: "DNS" });
    assert.deepEqual(resource(graph, record, "domain-proof").inputs, {
      zoneId: hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
    });
    assert.deepEqual(resource(graph, validation, "domain").inputs, {
      certificateArn: requested.id,
      validationRecordFqdns: [resource(graph, record, "domain-proof").outputs.fqdn],
    });
    const { urn } = resource(graph, domain, "domain");
    assert.ok(dependencyClosure(graph, urn).has(resource(graph, validation, "domain").urn));
  });

  it("is regional, takes TLS 1.2 and up, and serves the stage at its root", async () => {
    const graph = await programGraph({ domainName, hostedZoneId });
    assert.deepEqual(resource(graph, domain, "domain").inputs, {
      domainName,
      domainNameConfiguration: {
        certificateArn: resource(graph, certificate, "domain").id,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
        ipAddressType: "dualstack",
      },
    });
    assert.deepEqual(resource(graph, mapping, "domain").inputs, {
      apiId: graph.outputs.apiId,
      domainName,
      stage: "prod",
    });
  });

  it("is pointed at by records for both address families, or for IPv4 alone", async () => {
    const graph = await programGraph({ domainName, hostedZoneId });
    const target = resource(graph, domain, "domain").outputs.domainNameConfiguration;
    for (const type of ["A", "AAAA"])
      assert.deepEqual(resource(graph, record, `domain-${type.toLowerCase()}`).inputs, {
        zoneId: hostedZoneId,
        name: domainName,
        type,
        aliases: [
          { name: target.targetDomainName, zoneId: target.hostedZoneId, evaluateTargetHealth: false },
        ],
      });
    const ipv4 = await programGraph({ domainName, hostedZoneId, ipAddressType: "ipv4" });
    assert.deepEqual(
      (await added(ipv4)).filter((one) => one.startsWith(record)),
      [`${record} domain-a`, `${record} domain-proof`],
    );
    assert.equal(resource(ipv4, domain, "domain").inputs.domainNameConfiguration.ipAddressType, "ipv4");
    assert.equal(resource(ipv4, "aws:apigatewayv2/api:Api", "websocket").inputs.ipAddressType, "ipv4");
  });

  it("with a ready certificate requests none", async () => {
    const graph = await programGraph({ domainName, certificateArn, hostedZoneId });
    assert.deepEqual(await added(graph), [
      `${mapping} domain`,
      `${domain} domain`,
      `${record} domain-a`,
      `${record} domain-aaaa`,
    ]);
    const { domainNameConfiguration } = resource(graph, domain, "domain").inputs;
    assert.equal(domainNameConfiguration.certificateArn, certificateArn);
  });

  it("without a hosted zone leaves DNS to somebody else", async () => {
    const graph = await programGraph({ domainName, certificateArn });
    assert.deepEqual(await added(graph), [`${mapping} domain`, `${domain} domain`]);
  });

  it("is where clients connect, and pushes still go to API Gateway's own name", async () => {
    const { outputs } = await programGraph({ domainName, certificateArn });
    assert.equal(outputs.url, "wss://chat.example.com");
    assert.equal(
      outputs.connectCommand,
      `wscat -c 'wss://chat.example.com' -H "Authorization: Bearer $TOKEN"`,
    );
    assert.equal(
      outputs.managementEndpoint,
      `https://${outputs.apiId}.execute-api.us-east-1.amazonaws.com/prod`,
    );
  });

  it("is where pushes go, too, when it is the only way in", async () => {
    const graph = await programGraph({ domainName, certificateArn, disableDefaultEndpoint: "true" });
    assert.equal(graph.outputs.managementEndpoint, "https://chat.example.com");
    const { inputs } = resource(graph, "aws:apigatewayv2/api:Api", "websocket");
    assert.equal(inputs.disableExecuteApiEndpoint, true);
  });
});
