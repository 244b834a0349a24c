import type { Properties } from "../../graph/resource-graph.ts";
import { matching, optional, required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";

/** A dashboard of metrics. */
export const dashboard: ResourceType = {
  type: "aws:cloudwatch/dashboard:Dashboard",
  create: ({ id, inputs }, { partition, accountId }) => {
    const dashboardName = inputs.dashboardName ?? id;
    return {
      id: dashboardName,
      outputs: {
        dashboardName,
        dashboardArn: `arn:${partition}:cloudwatch::${accountId}:dashboard/${dashboardName}`,
      },
    };
  },
  replacedBy: ["dashboardName"],
  rules: [
    {
      name: "dashboard-name",
      check: required(
        "dashboardName",
        matching(/^[A-Za-z0-9_-]{1,255}$/),
        "must be 1 to 255 letters, digits, - and _",
      ),
    },
    {
      name: "dashboard-body",
      check: required(
        "dashboardBody",
        (body) => typeof parsed(body) === "object",
        "InvalidParameterInput: The field DashboardBody must be a valid JSON object",
      ),
    },
    {
      name: "dashboard-widgets",
      check: optional(
        "dashboardBody",
        (body) => Array.isArray(parsed(body)?.widgets) && parsed(body).widgets.every(isWidget),
        'must be {"widgets": [...]}, each with a type and properties, and with metrics of texts in pairs',
      ),
    },
  ],
  deployment: [
    {
      actions: ["cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"],
      resources: ({ outputs }) => [outputs.dashboardArn],
    },
  ],
};

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As far as AWS is known to look: a metric is its namespace, its name and its dimensions, all texts, then options. */
function isWidget(widget: Properties | null): boolean {
  const { type, properties } = widget ?? {};
  if (typeof type !== "string" || typeof properties !== "object" || properties === null) return false;
  const metrics: readonly unknown[] = properties.metrics ?? [];
  return metrics.every((entry) => {
    if (!Array.isArray(entry)) return false;
    const fields = typeof entry.at(-1) === "object" ? entry.slice(0, -1) : entry;
    const isComplete = fields.length % 2 === 0 || fields.includes("...");
    return isComplete && fields.every((field) => typeof field === "string");
  });
}
