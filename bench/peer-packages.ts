import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { line, progress } from "./report.ts";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/**
 * Installs what this project is compared with, unless it is there. These packages are no dependencies of the project,
 * so `npm ci` in its root does not bring them.
 * @param prefix folder of their package.json, from the project's folder
 */
export function installPeerPackages(prefix = "bench"): void {
  const folder = `${projectRoot}${prefix}/`;
  const dependencies: Record<string, string> = readJson(`${folder}package.json`).dependencies;
  const missing = Object.entries(dependencies).filter(
    ([name, version]) =>
      readJson(`${folder}node_modules/${name}/package.json`)?.version !== version.replace(/^npm:.*@/, ""),
  );
  if (missing.length === 0) return;
  const command = `npm ci --prefix ${prefix}`;
  line(`\ninstalling what this project is compared with: ${command}`);
  progress(missing.map(([name, version]) => `${name} ${version}`).join(", "));
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: folder,
    shell: process.platform === "win32",
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`${command} failed, so there is nothing to compare with`);
}

function readJson(path: string) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}
