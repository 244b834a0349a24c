import type { Properties, RecordedResource } from "../../graph/resource-graph.ts";
import { generatedName } from "../generated-name.ts";
import { arnOf } from "../identifiers.ts";
import { anything, tagActions } from "../needs.ts";
import { oneOf, optional, required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";

/** CloudWatch API reference, PutMetricAlarm. */
const comparisons = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
];

/** Services that an alarm can call (API reference, PutMetricAlarm). */
const actionServices = ["automate", "autoscaling", "lambda", "sns", "ssm", "ssm-incidents", "swf"];

/** Watches a metric. */
export const metricAlarm: ResourceType = {
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  takesTags: true,
  generatedName,
  create: ({ inputs: { name } }, account) => ({
    id: name,
    outputs: { arn: arnOf("cloudwatch", account, `alarm:${name}`) },
  }),
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  replacedBy: ["name"],
  rules: [
    {
      name: "alarm-name",
      check: optional("name", (name) => name.length <= 255, "must have at most 255 characters"),
    },
    {
      name: "alarm-comparison",
      check: required(
        "comparisonOperator",
        oneOf(...comparisons),
        `must be one of ${comparisons.join(", ")}`,
      ),
    },
    {
      name: "alarm-metrics",
      check: optional(
        "metricQueries",
        (queries) => queries.filter((query: Properties) => query.metric).length <= 10,
        "ValidationError: Too many metrics in alarm, maximum is 10",
      ),
    },
    {
      name: "alarm-period",
      check: (resource) => {
        const wrong = metricsOf(resource).find(
          ({ period }) =>
            period !== undefined && ![10, 20, 30].includes(period) && !(period % 60 === 0 && period > 0),
        );
        return (
          wrong && {
            property: `${wrong.path}period`,
            value: wrong.period,
            answer: "ValidationError: Period must be 10, 20, 30 or a multiple of 60",
          }
        );
      },
    },
    {
      name: "alarm-window",
      check: ({ inputs: { period, evaluationPeriods } }) => {
        const limit = period >= 3600 ? 604_800 : 86_400;
        return period * evaluationPeriods > limit
          ? {
              property: "evaluationPeriods",
              value: evaluationPeriods,
              answer: `ValidationError: EvaluationPeriods * Period must be <= ${limit}`,
            }
          : undefined;
      },
    },
    {
      name: "alarm-dimensions",
      severity: "warning",
      check: (resource) => {
        const blind = metricsOf(resource).find(
          ({ namespace, dimensions }) => namespace === "AWS/ApiGateway" && !dimensions?.ApiId,
        );
        return (
          blind && {
            property: `${blind.path}dimensions`,
            value: blind.dimensions,
            answer: "API Gateway counts for each ApiId, so an alarm without one never sees a value",
          }
        );
      },
    },
    {
      name: "alarm-action-form",
      check: (resource) =>
        wrongAction(
          resource,
          (action) => /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(action),
          (action) => `ValidationError: Invalid arn syntax: ${action}`,
        ),
    },
    {
      name: "alarm-action-service",
      check: (resource) =>
        wrongAction(
          resource,
          (action) => actionServices.includes(part(action, 2)),
          (action) => `ValidationError: Unsupported AWS vendor ${part(action, 2)}`,
        ),
    },
    {
      name: "alarm-action-region",
      check: (resource, { account: { region } }) =>
        wrongAction(
          resource,
          (action) => part(action, 3) === region,
          (action) =>
            `ValidationError: Invalid region ${part(action, 3)} specified. Only ${region} is supported.`,
        ),
    },
  ],
  deployment: [
    { actions: ["cloudwatch:DescribeAlarms"], resources: anything },
    {
      actions: [
        ...["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms", "cloudwatch:ListTagsForResource"],
        ...tagActions("cloudwatch"),
      ],
    },
  ],
};

/** Every metric that an alarm watches, with its path. */
function metricsOf({ inputs }: RecordedResource) {
  const queries: readonly Properties[] = inputs.metricQueries ?? [];
  return [
    { path: "", ...metric(inputs) },
    ...queries.flatMap((query, i) =>
      query.metric ? [{ path: `metricQueries[${i}].metric.`, ...metric(query.metric) }] : [],
    ),
  ];
}

function metric({ namespace, dimensions, period }: Properties) {
  return { namespace, dimensions, period };
}

function wrongAction(
  { inputs }: RecordedResource,
  isRight: (action: string) => boolean,
  answer: (action: string) => string,
) {
  for (const list of ["alarmActions", "okActions", "insufficientDataActions"]) {
    const actions: readonly string[] = inputs[list] ?? [];
    const i = actions.findIndex((action) => !isRight(action));
    const action = actions[i];
    if (action !== undefined) return { property: `${list}[${i}]`, value: action, answer: answer(action) };
  }
  return undefined;
}

function part(arn: string, i: number): string {
  return arn.split(":")[i] ?? "";
}
