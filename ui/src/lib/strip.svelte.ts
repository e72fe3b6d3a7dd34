/*
 * The call strip's state, kept apart from the desk's page so that it goes on everywhere, also behind the
 * lock: no name and no number, a state word and a timer only.
 */
import type { DeskState, DeskView, PauseReason } from "@/lib/ipc";

interface Strip {
  state: DeskState;
  pause: PauseReason | null;
  /** When the state began, on this computer's clock, in milliseconds. */
  began: number;
}

const strip = $state<{ now: Strip | null }>({ now: null });

export const callStrip = {
  get now(): Strip | null {
    return strip.now;
  },
  /** Takes over what the desk told. */
  take(view: DeskView): void {
    const age = new Date(view.now).getTime() - new Date(view.since).getTime();
    strip.now = { state: view.state, pause: view.pause_reason, began: Date.now() - age };
  },
  clear(): void {
    strip.now = null;
  },
};

/** States in which a customer is on the line or being called. */
export function inCall(state: DeskState | undefined): boolean {
  return state === "dialling" || state === "ringing" || state === "talking" || state === "hold";
}
