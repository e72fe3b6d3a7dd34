/* Short words about what has just been done. */

export interface ToastWords {
  text: string;
  look?: "plain" | "success" | "danger";
  action?: { label: string; keys?: string; run: () => void };
  /** How long it stays, milliseconds. */
  for?: number;
}

interface Shown extends ToastWords {
  id: number;
  until: number;
}

let shown = $state.raw<readonly Shown[]>([]);
let last = 0;

export function toasts(): readonly Shown[] {
  return shown;
}

export function toast(words: ToastWords): void {
  last += 1;
  const id = last;
  const stay = words.for ?? 5000;
  shown = [...shown, { ...words, id, until: Date.now() + stay }];
  setTimeout(() => dismiss(id), stay);
}

export function dismiss(id: number): void {
  shown = shown.filter((one) => one.id !== id);
}
