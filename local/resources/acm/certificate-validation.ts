import { everyProperty, type ResourceType } from "../resource-type.ts";

/** Waits until a certificate is valid; AWS knows no such resource. */
export const certificateValidation: ResourceType = {
  type: "aws:acm/certificateValidation:CertificateValidation",
  create: ({ inputs: { certificateArn } }) => ({ id: certificateArn, outputs: {} }),
  replacedBy: [everyProperty],
  rules: [],
  deployment: [],
};
