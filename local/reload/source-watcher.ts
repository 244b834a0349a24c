import { isAbsolute, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";

export interface SourceWatcherOptions {
  /** Told at once when a file changes, before `onSaved`, which waits for what belongs to the same save. */
  readonly onSaving: () => void;
  readonly onError: (error: unknown) => void;
  /**
   * A save is over when nothing has changed for this long, 50 unless given: editors write a file in several steps,
   * or several files.
   */
  readonly saveMs?: number;
  /** Absolute paths of further folders. */
  readonly also?: readonly string[];
}

/** Tells of saved files in the folders of programs; those that are saved before anybody listens are told then. */
export class SourceWatcher {
  /** Resolves when every file is watched. */
  readonly ready: Promise<void>;
  readonly #watcher: FSWatcher;
  /** Path to whether the file is new since the last save. */
  readonly #saved = new Map<string, boolean>();
  readonly #saveMs: number;
  readonly #folders: readonly string[];
  /** Files and folders beside these, that the programs are made of. */
  readonly #more = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #listener: ((paths: readonly string[]) => void) | undefined;

  constructor(folder: string, { onSaving, onError, saveMs = 50, also = [] }: SourceWatcherOptions) {
    this.#saveMs = saveMs;
    this.#folders = [folder, ...also];
    this.#watcher = watch([...this.#folders], {
      cwd: folder,
      ignoreInitial: true,
      // It would hold back the end of an editor's temporary file until the save is told.
      atomic: false,
      ignored: (path) => !this.#isWatched(path),
    });
    this.#watcher.on("all", (event, path) => {
      if (!["add", "change", "unlink"].includes(event)) return;
      onSaving();
      this.#note(event, path);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#tell(), this.#saveMs);
    });
    this.#watcher.on("error", onError);
    this.ready = new Promise((resolve) => this.#watcher.once("ready", resolve));
  }

  /** @param listener called with the paths from the folder of the files that were saved together */
  onSaved(listener: (paths: readonly string[]) => void): void {
    this.#listener = listener;
    if (!this.#timer) this.#tell();
  }

  /** Watches what a program has loaded too, wherever it lies. @param paths absolute paths of files and folders */
  watch(paths: readonly string[]): void {
    const more = paths.filter((path) => !this.#isWatched(path));
    for (const path of more) this.#more.add(path);
    this.#watcher.add(more);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }

  #isWatched(path: string): boolean {
    return [...this.#folders, ...this.#more].some((one) => isSource(relative(one, path)));
  }

  /** A file that comes and goes is an editor's own. */
  #note(event: string, path: string) {
    if (event === "unlink" && this.#saved.get(path)) this.#saved.delete(path);
    else if (!this.#saved.has(path)) this.#saved.set(path, event === "add");
  }

  #tell() {
    this.#timer = undefined;
    if (!this.#listener || this.#saved.size === 0) return;
    const paths = [...this.#saved.keys()];
    this.#saved.clear();
    this.#listener(paths);
  }
}

/** Not what is outside; nor packages, reports, editors' backups, and whatever is hidden, like version control. */
function isSource(path: string): boolean {
  return (
    !isAbsolute(path) && !path.split(sep).some((name) => /^(node_modules|reports|\..+|.+~|#.+#)$/.test(name))
  );
}
