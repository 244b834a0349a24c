/** A policy of so many characters, without white space. */
export function policyOf(characters: number): string {
  const withResource = (Resource: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sns:Publish", Resource }],
    });
  const arn = "arn:aws:sns:us-east-1:123456789012:";
  return withResource(arn + "t".repeat(characters - withResource(arn).length));
}
