// Demand and presence as shapes.
import type { CoverDay } from "@/lib/ipc";

/** All projects together, interval by interval; one project where it is given. */
export function sumOf(cover: CoverDay | undefined, which: "wanted" | "present", line: string | null = null): number[] {
  const made: number[] = [];
  for (const one of cover?.lines ?? []) {
    if (line !== null && one.line !== line) continue;
    one[which].forEach((people, slot) => (made[slot] = (made[slot] ?? 0) + (people ?? 0)));
  }
  return made;
}

/** A path of steps from left to right, `highest` at the top; the last may end early. */
export function steps(values: readonly number[], highest: number, width: number, height: number, end = width): string {
  if (values.length === 0) return `M0 ${height}`;
  const step = width / values.length;
  let path = "";
  let before: string | null = null;
  values.forEach((value, at) => {
    const y = (height - (Math.min(value, highest) / highest) * (height - 1)).toFixed(1);
    if (before === null) path = `M0 ${y}`;
    else if (y !== before) path += `H${(at * step).toFixed(1)}V${y}`;
    before = y;
  });
  return `${path}H${end}`;
}
