import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import type { TestSettings } from "../test-stack.ts";
import { certificateArn, domain, fullest, programGraph, resource } from "./program-graph.ts";

const name = "chat.example.com";
const zoneId = "Z0123456789ABCDEFGHIJ";

/** The inputs of each resource of the domain, by type and name. */
async function domainResources(settings: TestSettings) {
  const graph = await programGraph(settings);
  const parts = graph.resources.filter(
    ({ type, name }) =>
      /^aws:(acm|route53)/.test(type) || (/^aws:apigatewayv2/.test(type) && name === "domain"),
  );
  const inputs = parts.map((part) => [`${part.type.split(":")[2]} ${part.name}`, part.inputs]);
  return { graph, inputs: Object.fromEntries(inputs) };
}

function apiParts(graph: ResourceGraph, certificate: string, ipAddressType: string) {
  return {
    "DomainName domain": {
      domainName: name,
      domainNameConfiguration: {
        certificateArn: certificate,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
        ipAddressType,
      },
    },
    // No mapping key: the stage is at the root.
    "ApiMapping domain": { apiId: graph.outputs.apiId, domainName: name, stage: "prod" },
  };
}

function alias(graph: ResourceGraph, type: string) {
  const { domainNameConfiguration: target } = resource(
    graph,
    "aws:apigatewayv2/domainName:DomainName",
    "domain",
  ).outputs;
  const aliases = [
    { name: target.targetDomainName, zoneId: target.hostedZoneId, evaluateTargetHealth: false },
  ];
  assert.match(target.targetDomainName, /^d-\w+\.execute-api\./);
  return { zoneId, name, type, aliases };
}

describe("a domain", () => {
  it("with a hosted zone gets a certificate, its proof, and addresses of both families", async () => {
    const { graph, inputs } = await domainResources(fullest);
    const certificate = resource(graph, "aws:acm/certificate:Certificate", "domain").outputs;
    const [proof, ...others] = certificate.domainValidationOptions;
    assert.deepEqual(others, []);
    assert.deepEqual(inputs, {
      ...apiParts(graph, certificate.arn, "dualstack"),
      "Certificate domain": { domainName: name, validationMethod: "DNS" },
      "Record domain-proof": {
        zoneId,
        name: proof.resourceRecordName,
        type: "CNAME",
        records: [proof.resourceRecordValue],
        ttl: 300,
        // Another certificate of the account for this name has the same proof.
        allowOverwrite: true,
      },
      "CertificateValidation domain": {
        certificateArn: certificate.arn,
        validationRecordFqdns: [proof.resourceRecordName.replace(/\.$/, "")],
      },
      "Record domain-a": alias(graph, "A"),
      "Record domain-aaaa": alias(graph, "AAAA"),
    });
  });

  it("with a hosted zone and a certificate gets addresses", async () => {
    const { graph, inputs } = await domainResources({ ...fullest, certificateArn });
    assert.deepEqual(inputs, {
      ...apiParts(graph, certificateArn, "dualstack"),
      "Record domain-a": alias(graph, "A"),
      "Record domain-aaaa": alias(graph, "AAAA"),
    });
  });

  it("with IPv4 only gets an address of that family", async () => {
    const { graph, inputs } = await domainResources({ ...domain, certificateArn, ipAddressType: "ipv4" });
    assert.deepEqual(inputs, {
      ...apiParts(graph, certificateArn, "ipv4"),
      "Record domain-a": alias(graph, "A"),
    });
  });

  it("with a certificate alone is there for others to point at", async () => {
    const { graph, inputs } = await domainResources({ domainName: name, certificateArn });
    assert.deepEqual(inputs, apiParts(graph, certificateArn, "dualstack"));
  });

  it("and the API take IPv4 only, and the API has an endpoint beside the domain, as configured", async () => {
    for (const [settings, expected] of [
      [fullest, ["dualstack", true]],
      [{ ...domain, certificateArn, ipAddressType: "ipv4" }, ["ipv4", false]],
    ] as const) {
      const graph = await programGraph(settings);
      const { ipAddressType, disableExecuteApiEndpoint } = resource(
        graph,
        "aws:apigatewayv2/api:Api",
        "websocket",
      ).inputs;
      assert.deepEqual([ipAddressType, disableExecuteApiEndpoint], expected);
    }
  });
});
