import type { Properties, RecordedResource } from "../../graph/resource-graph.ts";
import { matching, oneOf, optional, required } from "./property-checks.ts";
import type { Rule } from "./rule.ts";

const alarm = ["cloudwatch/metricAlarm:MetricAlarm"];
const dashboard = ["cloudwatch/dashboard:Dashboard"];

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

export const cloudwatchRules: readonly Rule[] = [
  {
    name: "alarm-name",
    types: alarm,
    check: optional("name", (name) => name.length <= 255, "must have at most 255 characters"),
  },
  {
    name: "alarm-comparison",
    types: alarm,
    check: required("comparisonOperator", oneOf(...comparisons), `must be one of ${comparisons.join(", ")}`),
  },
  {
    name: "alarm-metrics",
    types: alarm,
    check: optional(
      "metricQueries",
      (queries) => queries.filter((query: Properties) => query.metric).length <= 10,
      "ValidationError: Too many metrics in alarm, maximum is 10",
    ),
  },
  {
    name: "alarm-period",
    types: alarm,
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
    types: alarm,
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
    types: alarm,
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
    types: alarm,
    check: (resource) =>
      wrongAction(
        resource,
        (action) => /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(action),
        (action) => `ValidationError: Invalid arn syntax: ${action}`,
      ),
  },
  {
    name: "alarm-action-service",
    types: alarm,
    check: (resource) =>
      wrongAction(
        resource,
        (action) => actionServices.includes(part(action, 2)),
        (action) => `ValidationError: Unsupported AWS vendor ${part(action, 2)}`,
      ),
  },
  {
    name: "alarm-action-region",
    types: alarm,
    check: (resource, { account: { region } }) =>
      wrongAction(
        resource,
        (action) => part(action, 3) === region,
        (action) =>
          `ValidationError: Invalid region ${part(action, 3)} specified. Only ${region} is supported.`,
      ),
  },
  {
    name: "dashboard-name",
    types: dashboard,
    check: required(
      "dashboardName",
      matching(/^[A-Za-z0-9_-]{1,255}$/),
      "must be 1 to 255 letters, digits, - and _",
    ),
  },
  {
    name: "dashboard-body",
    types: dashboard,
    check: required(
      "dashboardBody",
      (body) => typeof parsed(body) === "object",
      "InvalidParameterInput: The field DashboardBody must be a valid JSON object",
    ),
  },
  {
    name: "dashboard-widgets",
    types: dashboard,
    check: optional(
      "dashboardBody",
      (body) => Array.isArray(parsed(body)?.widgets) && parsed(body).widgets.every(isWidget),
      'must be {"widgets": [...]}, each with a type and properties, and with metrics of texts in pairs',
    ),
  },
];

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

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As far as AWS is known to look: a metric is its namespace, its name and its dimensions, all texts, then options. */
function isWidget({ type, properties }: Properties): boolean {
  if (typeof type !== "string" || typeof properties !== "object" || properties === null) return false;
  const metrics: readonly unknown[] = properties.metrics ?? [];
  return metrics.every((entry) => {
    if (!Array.isArray(entry)) return false;
    const fields = typeof entry.at(-1) === "object" ? entry.slice(0, -1) : entry;
    const isComplete = fields.length % 2 === 0 || fields.includes("...");
    return isComplete && fields.every((field) => typeof field === "string");
  });
}
