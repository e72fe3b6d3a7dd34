// Minutes, costs and rules of a plan as people say them.
import { decimal, time } from "@/lib/format";
import { t } from "@/lib/i18n/index.svelte";
import type { BrokenRule, RuleKind, ServedLine } from "@/lib/ipc";

/** `7:30`, `152:00`: a length of work. */
export function hm(minutes: number | null): string {
  if (minutes === null) return "–";
  const whole = Math.round(Math.abs(minutes));
  return `${minutes < 0 ? "−" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `08:00`: a time of day that may lie after midnight. */
export function clock(minute: number): string {
  return time(new Date(Date.UTC(2024, 0, 1, 0, minute)), "UTC");
}

/** `08:00–16:30`. */
export const span = (from: number, until: number): string => `${clock(from)}–${clock(until)}`;

/** With its sign, zero without: `+3.2`, `−14`. */
export function signed(value: number | null, places = 0): string {
  if (value === null) return "–";
  const shown = decimal(Math.abs(value), places);
  if (shown === "0") return shown;
  return `${value < 0 ? "−" : "+"}${shown}`;
}

/** Rules whose figures are minutes. */
const IN_MINUTES: readonly RuleKind[] = ["rest", "weekly_rest", "day_minutes", "week_minutes", "max_minutes", "min_minutes"];

/** What is broken and by how much: “Rest 8:00, at least 11:00”. */
export function brokenWords({ rule, is, limit }: BrokenRule): string {
  const [shown, may] = IN_MINUTES.includes(rule) ? [hm(is), hm(limit)] : [is ?? 0, limit ?? 0];
  return t(`rule-broken-${rule}`, { is: shown, limit: may });
}

/** The letter of a project: its place in a fixed order. */
export const letter = (index: number): string => String.fromCharCode(65 + (index % 26));

/** How many colours there are. */
export const TONES = 8;

/** Its colour. */
export const colour = (index: number): string => `var(--project-${index % TONES})`;

const weekdays = new Map<string, number>();

/** 0 is Monday. */
export function weekdayOf(date: string): number {
  const known = weekdays.get(date);
  if (known !== undefined) return known;
  const found = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  weekdays.set(date, found);
  return found;
}

/** Whether a contract says that the person serves a line. */
export function serves(kept: readonly string[], { line, also }: ServedLine): boolean {
  return kept.includes(line) || also.some((id) => kept.includes(id));
}

/** What a contract says when a line is served or no longer: the client as a whole, or some of its languages. */
export function served(kept: readonly string[], lines: readonly ServedLine[], { line, shop }: ServedLine, yes: boolean): string[] {
  const theirs = lines.filter((one) => one.shop === shop);
  const on = theirs.filter((one) => (one.line === line ? yes : serves(kept, one)));
  const others = kept.filter((id) => !theirs.some((one) => one.line === id || one.also.includes(id)));
  return [...others, ...(on.length === theirs.length ? [shop] : on.map((one) => one.line))];
}
