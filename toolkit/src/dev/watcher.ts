import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'

/** Editors write a file in several steps; one change is reported for all of them. */
const SETTLE_MS = 100

/**
 * Watches source files for changes. Directories are watched instead of files, because editors replace a file by a new one
 * of the same name; so a changed or new neighbour of a source is reported too, and the receiver decides.
 */
export class SourceWatcher {
  readonly #onChange: (paths: Set<string>) => void
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /** `onChange` gets absolute paths, those of removed files too. */
  constructor(onChange: (paths: Set<string>) => void) {
    this.#onChange = onChange
  }

  /** Replaces what is watched: absolute paths of files, or of directories with all they hold. */
  watch(sources: Iterable<string>): void {
    const wanted = new Set([...sources].flatMap(directoriesOf))
    for (const [directory, watcher] of this.#watchers) {
      if (wanted.has(directory)) continue
      watcher.close()
      this.#watchers.delete(directory)
    }
    for (const directory of wanted) if (!this.#watchers.has(directory)) this.#add(directory)
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #add(directory: string): void {
    try {
      const watcher = watch(directory, (_, name) =>
        this.#note(name === null ? directory : join(directory, name)),
      )
      // A directory that is removed is not an error: the next build says what is missing.
      watcher.on('error', () => watcher.close())
      this.#watchers.set(directory, watcher)
    } catch {
      // As above: it went away in between.
    }
  }

  #note(path: string): void {
    this.#changed.add(path)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const paths = new Set(this.#changed)
      this.#changed.clear()
      this.#onChange(paths)
    }, SETTLE_MS)
  }
}

/** Installed packages and hidden directories hold nothing that is edited, and too much to watch. */
function isWatched(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.')
}

function directoriesOf(source: string): string[] {
  if (source.includes('/node_modules/')) return []
  const stats = statSync(source, { throwIfNoEntry: false })
  return stats?.isDirectory() ? [source, ...subdirectories(source)] : [dirname(source)]
}

function subdirectories(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isWatched(entry.name))
    .map((entry) => join(directory, entry.name))
    .flatMap((path) => [path, ...subdirectories(path)])
}
