import { fileURLToPath } from "node:url";
import { diagramOf } from "../diagram/diagram-of.ts";
import { OperatorError } from "../operator-error.ts";
import { ProgramRunner } from "../program/program-runner.ts";
import { readStackConfig } from "../program/stack-config.ts";
import { userPoolOf } from "../stack/stack-user-pool.ts";
import { defaultProgram, defaultStack } from "../this-program.ts";
import { startUserPoolServer } from "../user-pool/server.ts";
import { UserPools } from "../user-pool/user-pools.ts";

/** Where the README looks for the picture. */
export const diagramFile = fileURLToPath(new URL("../../docs/architecture.svg", import.meta.url));

/** The picture of the program as its stack `dev` is configured. */
export async function drawDiagram(): Promise<string> {
  const stackConfig = readStackConfig(defaultProgram, defaultStack);
  const userPool = userPoolOf(stackConfig);
  if (!userPool) throw new OperatorError("stack dev has no user pool, so there is nothing to draw");
  const server = await startUserPoolServer(new UserPools([userPool]), { port: 0 });
  const hosts = { [new URL(userPool.issuer).hostname]: { port: server.port } };
  const runner = new ProgramRunner();
  try {
    return diagramOf(await runner.run(stackConfig, { hosts }));
  } finally {
    await runner.close();
    await server.close();
  }
}
