const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel"] as const;
const LOOK_EVERY = 5000;

/** Calls `lock` after so many minutes without a key or a move; the answer stops the watch. */
export function watchIdle(minutes: number, lock: () => void): () => void {
  let last = Date.now();
  const seen = (): void => {
    last = Date.now();
  };
  for (const sign of SIGNS) window.addEventListener(sign, seen, { passive: true });
  // A wall clock, not one long timer: a computer that slept must lock when it wakes.
  const timer = setInterval(() => {
    if (Date.now() - last >= minutes * 60_000) lock();
  }, LOOK_EVERY);
  return () => {
    clearInterval(timer);
    for (const sign of SIGNS) window.removeEventListener(sign, seen);
  };
}
