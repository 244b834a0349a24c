import { type AcceptedCase, type RuleCase, shown } from "../rule-case.ts";

const alarm = ["cloudwatch/metricAlarm:MetricAlarm", "errors"] as const;

const comparisons =
  "must be one of GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, GreaterThanUpperThreshold";

const throttles = ["cloudwatch/metricAlarm:MetricAlarm", "throttles"] as const;

/** A query for one metric. */
function query(id: string, metric: object = {}) {
  return {
    id,
    metric: { namespace: "AWS/Lambda", metricName: "Errors", stat: "Sum", period: 60, ...metric },
  };
}

const queries = (count: number) => Array.from({ length: count }, (_, i) => query(`m${i}`));

const sum = { id: "sum", expression: "SUM(METRICS())", returnData: true };

const period = "ValidationError: Period must be 10, 20, 30 or a multiple of 60";

const blind = "API Gateway counts for each ApiId, so an alarm without one never sees a value";

export const refused: readonly RuleCase[] = [
  {
    rule: "alarm-name",
    of: alarm,
    inputs: { name: "a".repeat(256) },
    says: `name is ${shown("a".repeat(256))}: must have at most 255 characters`,
  },
  {
    rule: "alarm-comparison",
    of: alarm,
    inputs: { comparisonOperator: ">=" },
    says: `comparisonOperator is ">=": ${comparisons}`,
  },
  {
    rule: "alarm-comparison",
    of: alarm,
    inputs: { comparisonOperator: undefined },
    says: `comparisonOperator is not set: ${comparisons}`,
  },
  {
    rule: "alarm-metrics",
    of: throttles,
    inputs: { metricQueries: [sum, ...queries(11)] },
    says: `metricQueries is ${shown([sum, ...queries(11)])}: ValidationError: Too many metrics in alarm, maximum is 10`,
  },
  ...[0, 45, 90, -60].map((seconds) => ({
    rule: "alarm-period",
    of: alarm,
    inputs: { period: seconds },
    says: `period is ${seconds}: ${period}`,
  })),
  {
    rule: "alarm-period",
    of: throttles,
    inputs: { metricQueries: [sum, query("one", { period: 61 })] },
    says: `metricQueries[1].metric.period is 61: ${period}`,
  },
  {
    rule: "alarm-window",
    of: alarm,
    inputs: { evaluationPeriods: 289 },
    says: "evaluationPeriods is 289: ValidationError: EvaluationPeriods * Period must be <= 86400",
  },
  {
    rule: "alarm-window",
    of: alarm,
    inputs: { period: 3600, evaluationPeriods: 169 },
    says: "evaluationPeriods is 169: ValidationError: EvaluationPeriods * Period must be <= 604800",
  },
  {
    rule: "alarm-dimensions",
    of: alarm,
    inputs: { dimensions: undefined },
    says: `dimensions is not set: ${blind}`,
  },
  {
    rule: "alarm-dimensions",
    of: throttles,
    inputs: {
      metricQueries: [sum, query("one", { namespace: "AWS/ApiGateway", dimensions: { Stage: "live" } })],
    },
    says: `metricQueries[1].metric.dimensions is {"Stage":"live"}: ${blind}`,
  },
  ...["alarmActions", "okActions", "insufficientDataActions"].map((list) => ({
    rule: "alarm-action-form",
    of: alarm,
    inputs: { [list]: ["arn:aws:sns:us-east-1:123456789012:alarms", "alarms"] },
    says: `${list}[1] is "alarms": ValidationError: Invalid arn syntax: alarms`,
  })),
  {
    rule: "alarm-action-service",
    of: alarm,
    inputs: { alarmActions: ["arn:aws:sqs:us-east-1:123456789012:alarms"] },
    says: 'alarmActions[0] is "arn:aws:sqs:us-east-1:123456789012:alarms": ValidationError: Unsupported AWS vendor sqs',
  },
  {
    rule: "alarm-action-region",
    of: alarm,
    inputs: { okActions: ["arn:aws:sns:eu-west-1:123456789012:alarms"] },
    says: 'okActions[0] is "arn:aws:sns:eu-west-1:123456789012:alarms": ValidationError: Invalid region eu-west-1 specified. Only us-east-1 is supported.',
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "10 metrics and an expression", of: throttles, inputs: { metricQueries: [sum, ...queries(10)] } },
  ...[10, 20, 30, 60].map((seconds) => ({
    what: `a period of ${seconds} s`,
    of: alarm,
    inputs: { period: seconds },
  })),
  { what: "a day of evaluation", of: alarm, inputs: { evaluationPeriods: 288 } },
  { what: "a week of evaluation", of: alarm, inputs: { period: 3600, evaluationPeriods: 168 } },
  { what: "an alarm's name of 255 characters", of: alarm, inputs: { name: "a".repeat(255) } },
  { what: "an alarm that tells nobody", of: alarm, inputs: { alarmActions: undefined } },
];
