let started: Worker | null = null;

/**
 * The worker that lays maps out; started by the first call, which a page with a map makes before anything else: reading
 * ELK takes a few hundred milliseconds, in which the page and the first answer can come.
 */
export function layoutWorker(): Worker {
  started ??= new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module', name: 'layout' });
  return started;
}
