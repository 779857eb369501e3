// Readers that wait until there is something new.

export interface News {
  /** How much has been told so far: to be asked before a reader looks for what there is. */
  told(): number;
  /** Until more than `seen` has been told, or `signal` aborts. */
  after(seen: number, signal: AbortSignal): Promise<void>;
  /** Everybody who waits goes on. */
  tell(): void;
}

export function createNews(): News {
  const waiting = new Set<() => void>();
  let told = 0;
  return {
    told: () => told,
    after: (seen, signal) =>
      new Promise((resolve) => {
        if (seen !== told || signal.aborted) return resolve();
        const done = () => {
          waiting.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener("abort", done);
      }),
    tell() {
      told += 1;
      for (const done of [...waiting]) done();
    },
  };
}
