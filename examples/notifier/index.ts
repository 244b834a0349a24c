import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

// Another stack deployed the API. Its outputs are all that this one knows of it.
const api = new pulumi.StackReference(new pulumi.Config().require("apiStack"));
const managementEndpoint = api.requireOutput("managementEndpoint");
const manageConnectionsPolicyArn = api.requireOutput("manageConnectionsPolicyArn");

// The function may write to a log group of its own, and nothing else.
const logGroup = new aws.cloudwatch.LogGroup("notify", { retentionInDays: 30 });
const role = new aws.iam.Role("notify", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const mayWriteLog = new aws.iam.RolePolicy("notify", {
  role: role.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${logGroup.arn}:*`,
      },
    ],
  }),
});

// What lets it push: the API's own policy, for the connections of that one stage.
const mayPush = new aws.iam.RolePolicyAttachment("push", {
  role: role.name,
  policyArn: manageConnectionsPolicyArn,
});

const bundle = buildSync({
  entryPoints: ["functions/notify.ts"],
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  // Some of the SDK's packages are CommonJS and ask for built-in modules.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  minify: true,
  write: false,
});

const notify = new aws.lambda.Function(
  "notify",
  {
    code: new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset(bundle.outputFiles[0]?.text ?? ""),
    }),
    handler: "index.handler",
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    memorySize: 256,
    timeout: 10,
    role: role.arn,
    environment: { variables: { MANAGEMENT_ENDPOINT: managementEndpoint } },
    loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
  },
  { dependsOn: [mayWriteLog, mayPush] },
);

const { region } = aws.getRegionOutput();

/** The function that pushes; whatever knows a connection's id may invoke it. */
export const functionName = notify.name;
/** A line to paste, with a connection's id in the place of ID: `{"action":"whoami"}` answers with it. */
export const notifyCommand = pulumi.interpolate`aws lambda invoke --region ${region} --function-name ${notify.name} --cli-binary-format raw-in-base64-out --payload '{"connectionId":"ID","message":"hello"}' /dev/stdout`;
