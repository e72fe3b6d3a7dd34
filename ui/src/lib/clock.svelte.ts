/* One tick a second for every timer on the screen. */
import { createSubscriber } from "svelte/reactivity";

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Milliseconds now; what reads it is drawn again each second. */
export function tick(): number {
  subscribe();
  return Date.now();
}
