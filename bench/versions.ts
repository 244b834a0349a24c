/** Versions of this project that are measured beside each other: this one first. */
export type Versions = readonly {
  readonly name: string;
  /** Absolute path. */
  readonly root: string;
}[];
