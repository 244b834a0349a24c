import { accountOf } from "../graph/account-of.ts";
import type { AwsAccount, Properties } from "../graph/resource-graph.ts";

/** Where a provider's resources live, and what it adds to each. */
export interface ProviderSettings {
  readonly account: AwsAccount;
  readonly defaultTags: Properties;
}

/**
 * Reads the configuration of an AWS provider: that of a stack (`aws:region`) or of an explicit provider, which has its
 * objects as JSON.
 * @param base of what the provider leaves open
 * @throws {OperatorError} for a region of no form that AWS has
 */
export function providerSettings(configuration: Properties, base: AwsAccount): ProviderSettings {
  const { region, defaultTags, allowedAccountIds, assumeRole, assumeRoles } = parsed(configuration);
  const [onlyId, ...otherIds]: (string | undefined)[] = allowedAccountIds ?? [];
  const role: string | undefined = (assumeRoles?.at(-1) ?? assumeRole)?.roleArn;
  const accountId = otherIds.length === 0 ? onlyId : undefined;
  const assumedId = /^arn:[^:]+:iam::(\d{12}):/.exec(role ?? "")?.[1];
  const account = regional(region, { ...base, accountId: accountId ?? assumedId ?? base.accountId });
  return { account, defaultTags: defaultTags?.tags ?? {} };
}

/** The account in another region; undefined for the same one. */
export function regional(region: string | undefined, account: AwsAccount): AwsAccount {
  if (region === undefined || region === account.region) return account;
  const { accountId, apiGatewayLogRoleArn } = account;
  return accountOf(
    { "aws:region": region },
    { accountId, ...(apiGatewayLogRoleArn !== undefined && { apiGatewayLogRoleArn }) },
  );
}

function parsed(configuration: Properties): Properties {
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]) => [name, isJson(value) ? JSON.parse(value) : value]),
  );
}

function isJson(value: unknown): value is string {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
