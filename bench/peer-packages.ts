import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { line, progress } from "./report.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Installs the libraries that the authorizer is compared with, unless they are there. They are no dependencies of the
 * project, so `npm ci` in its root does not bring them.
 */
export function installPeerPackages(): void {
  const { dependencies } = readJson("package.json");
  const missing = Object.entries(dependencies).filter(
    ([name, version]) => readJson(`node_modules/${name}/package.json`)?.version !== version,
  );
  if (missing.length === 0) return;
  line(`\ninstalling what the authorizer is compared with: npm ci --prefix bench`);
  progress(missing.map(([name, version]) => `${name} ${version}`).join(", "));
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    shell: process.platform === "win32",
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("npm ci --prefix bench failed, so there is nothing to compare with");
}

function readJson(path: string) {
  return existsSync(`${folder}${path}`) ? JSON.parse(readFileSync(`${folder}${path}`, "utf8")) : undefined;
}
