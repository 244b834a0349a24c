import * as pulumi from "@pulumi/pulumi";

throw new pulumi.RunError("color is not set: pulumi config set color blue");
