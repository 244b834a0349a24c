import { type AcceptedCase, type RuleCase, shown } from "../rule-case.ts";

const dashboard = ["cloudwatch/dashboard:Dashboard", "chat"] as const;

const widgets =
  'must be {"widgets": [...]}, each with a type and properties, and with metrics of texts in pairs';

export const refused: readonly RuleCase[] = [
  ...["chat.dev", "", "d".repeat(256)].map((dashboardName) => ({
    rule: "dashboard-name",
    of: dashboard,
    inputs: { dashboardName },
    says: `dashboardName is ${shown(dashboardName)}: must be 1 to 255 letters, digits, - and _`,
  })),
  ...["{", "1"].map((dashboardBody) => ({
    rule: "dashboard-body",
    of: dashboard,
    inputs: { dashboardBody },
    says: `dashboardBody is "${dashboardBody}": InvalidParameterInput: The field DashboardBody must be a valid JSON object`,
  })),
  ...[
    {},
    { widgets: {} },
    { widgets: [{ properties: {} }] },
    { widgets: [{ type: "text", properties: {} }, { type: "text" }] },
    { widgets: [{ type: "text", properties: null }] },
    { widgets: [{ type: "metric", properties: { metrics: ["AWS/Lambda"] } }] },
    { widgets: [{ type: "metric", properties: { metrics: [["AWS/Lambda", "Errors", "FunctionName"]] } }] },
    { widgets: [{ type: "metric", properties: { metrics: [["AWS/Lambda", "Errors", "FunctionName", 7]] } }] },
  ].map((body) => ({
    rule: "dashboard-widgets",
    of: dashboard,
    inputs: { dashboardBody: JSON.stringify(body) },
    says: `dashboardBody is ${JSON.stringify(JSON.stringify(body))}: ${widgets}`,
  })),
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a dashboard's name of 255 characters", of: dashboard, inputs: { dashboardName: "d".repeat(255) } },
];
