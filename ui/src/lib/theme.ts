import type { Theme } from "@/lib/ipc";

/** Sets the look; `system` follows the desktop. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}
