const GAP = 6;
const MARGIN = 8;

/** Puts `floating` below or above `anchor`, turned over or shifted where the window ends. */
export function place(
  anchor: Element,
  floating: HTMLElement,
  side: "below" | "above" = "below",
  align: "start" | "center" | "end" = side === "above" ? "center" : "start",
): void {
  const a = anchor.getBoundingClientRect();
  const f = floating.getBoundingClientRect();
  const [width, height] = [window.innerWidth, window.innerHeight];
  const above = a.top - GAP - f.height;
  const below = a.bottom + GAP;
  const fitsBelow = below + f.height <= height - MARGIN;
  const top = side === "below" ? (fitsBelow || above < MARGIN ? below : above) : above < MARGIN ? below : above;
  const wanted =
    align === "start" ? a.left : align === "end" ? a.right - f.width : a.left + (a.width - f.width) / 2;
  const left = Math.max(MARGIN, Math.min(wanted, width - f.width - MARGIN));
  floating.style.setProperty("top", `${Math.max(MARGIN, Math.min(top, height - f.height - MARGIN))}px`);
  floating.style.setProperty("left", `${left}px`);
}
