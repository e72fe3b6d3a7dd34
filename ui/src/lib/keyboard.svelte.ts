/*
 * One map of physical keys for the whole desk: layouts change letters, not keys. Never Ctrl+Alt nor AltGr,
 * which type Polish letters. What is registered here is what the cheat sheet and the palette show.
 */

import { untrack } from "svelte";

export interface Shortcut {
  /** Stable name. */
  id: string;
  /** `F2`, `Digit1`, `Ctrl+Enter`, `Ctrl+Shift+KeyZ`: `event.code` with modifiers; the first is shown. */
  keys: string | readonly string[];
  /** Message key of what it does. */
  label: string;
  /** Message key of the group in the cheat sheet. */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Whether it can be done now. */
  when?: () => boolean;
  /** Also while a text field has the focus. */
  inFields?: boolean;
  /** Also while a dialog is open. */
  inDialogs?: boolean;
  /** Left out of the palette, e.g. digits. */
  hidden?: boolean;
}

let registered = $state.raw<readonly Shortcut[]>([]);
let held = 0;

/** Everything registered, the latest last. */
export function shortcuts(): readonly Shortcut[] {
  return registered;
}

/** Registers until the answer is called; inside an effect, return it. */
export function bind(list: readonly Shortcut[]): () => void {
  // Effects call this: what they register must not make them run again.
  registered = [...untrack(() => registered), ...list];
  return () => {
    registered = untrack(() => registered).filter((known) => !list.includes(known));
  };
}

/** Keeps the desk's keys quiet while a dialog has the floor; call the answer when it closes. */
export function hold(): () => void {
  held += 1;
  let released = false;
  return () => {
    if (!released) held -= 1;
    released = true;
  };
}

const NOT_TEXT = new Set(["button", "checkbox", "radio", "range", "submit", "reset", "color", "file", "image"]);

/** Whether typing goes into `target`. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Whether Enter and Space belong to `target` itself. */
export function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("button, a[href], summary, input, select, textarea, [role=button], [role=option]") !== null
  );
}

const SAME: Record<string, string> = { NumpadEnter: "Enter" };

/** `Ctrl+Shift+KeyZ` for the event; empty for what no shortcut may use. */
export function chord(event: KeyboardEvent): string {
  if (event.altKey || event.getModifierState?.("AltGraph")) return "";
  const code = SAME[event.code] ?? event.code.replace(/^Numpad(\d)$/, "Digit$1");
  const ctrl = event.ctrlKey || event.metaKey;
  return `${ctrl ? "Ctrl+" : ""}${event.shiftKey ? "Shift+" : ""}${code}`;
}

function fits(shortcut: Shortcut, pressed: string): boolean {
  return typeof shortcut.keys === "string" ? shortcut.keys === pressed : shortcut.keys.includes(pressed);
}

/** Runs what is bound to the key; the latest binding that can be done now wins. */
export function press(event: KeyboardEvent): boolean {
  if (event.isComposing || event.defaultPrevented) return false;
  const pressed = chord(event);
  if (pressed === "") return false;
  const inField = isTextField(event.target);
  const bare = pressed === "Enter" || pressed === "Space";
  for (const shortcut of registered.toReversed()) {
    if (!fits(shortcut, pressed)) continue;
    if (inField && !shortcut.inFields) continue;
    if (bare && isControl(event.target)) continue;
    if (held > 0 && !shortcut.inDialogs) continue;
    if (shortcut.when && !shortcut.when()) continue;
    event.preventDefault();
    // Holding a key down must not dial twice.
    if (!event.repeat) shortcut.run(event);
    return true;
  }
  return false;
}

/** Listens on the window; the answer stops it. */
export function listenToKeys(target: Window = window): () => void {
  const hear = (event: KeyboardEvent): void => {
    press(event);
  };
  target.addEventListener("keydown", hear);
  return () => target.removeEventListener("keydown", hear);
}

const NAMES: Record<string, string> = {
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "Enter",
  Space: "Space",
  Backspace: "⌫",
};

/** What is printed on the keys of a chord. */
export function keyCaps(keys: string): string[] {
  return keys.split("+").map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)/, ""));
}
