import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const permission = ["lambda/permission:Permission", "say"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "permission-function",
    of: permission,
    inputs: { function: "another" },
    says: 'function is "another": ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:another',
  },
  {
    rule: "permission-function",
    of: permission,
    inputs: { function: "arn:aws:lambda:us-east-1:123456789012:function:another" },
    says: 'function is "arn:aws:lambda:us-east-1:123456789012:function:another": ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:another',
  },
  {
    rule: "permission-principal",
    of: permission,
    inputs: { principal: "apigateway" },
    says: 'principal is "apigateway": InvalidParameterValueException: The provided principal was invalid. Please check the principal and try again.',
  },
  {
    rule: "permission-source",
    of: permission,
    inputs: { sourceArn: "a1b2c3d4e5/live/say" },
    says: 'sourceArn is "a1b2c3d4e5/live/say": must be an ARN',
  },
];

export const accepted: readonly AcceptedCase[] = [
  {
    what: "permissions for another account, an identity and everybody",
    of: permission,
    more: `for (const principal of ["123456789012", "arn:aws:iam::123456789012:root", "*"])
      new aws.lambda.Permission(principal, { action: "lambda:InvokeFunction", function: lambda.arn, principal });`,
  },
];
