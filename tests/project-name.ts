import { readProjectFile } from "../local/program/project-file.ts";

/** The project's name in Pulumi.yaml: `pulumi new` gives a copy another. */
export const projectName = readProjectFile(new URL("..", import.meta.url).pathname).name;
