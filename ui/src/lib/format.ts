/* Money, moments and durations as people of the chosen language write them. */
import { i18n } from "@/lib/i18n/index.svelte";
import type { Money } from "@/lib/ipc";

const kept = new Map<string, unknown>();

/** Intl objects are slow to make and cheap to keep. */
function keep<T>(key: string, make: () => T): T {
  const id = `${i18n.tag}|${key}`;
  const known = kept.get(id) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  kept.set(id, made);
  return made;
}

export function money({ minor, currency }: Money): string {
  const format = keep(`money|${currency}`, () => {
    const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
    try {
      return new Intl.NumberFormat(i18n.tag, style);
    } catch {
      return new Intl.NumberFormat(i18n.tag, { minimumFractionDigits: 2 });
    }
  });
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** places);
}

export function count(value: number): string {
  return keep("count", () => new Intl.NumberFormat(i18n.tag)).format(value);
}

/* The border says of every float that it may be null; such a one is shown as not known. */
const UNKNOWN = "–";

/** A share of one as a percentage, one decimal below ten per cent. */
export function percent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const places = share !== 0 && Math.abs(share) < 0.1 ? 1 : 0;
  return keep(
    `percent|${places}`,
    () => new Intl.NumberFormat(i18n.tag, { style: "percent", maximumFractionDigits: places }),
  ).format(share);
}

export function decimal(value: number | null, places = 1): string {
  if (value === null) return UNKNOWN;
  return keep(
    `decimal|${places}`,
    () => new Intl.NumberFormat(i18n.tag, { maximumFractionDigits: places }),
  ).format(value);
}

/** With all its places, so that a column of them stands in line. */
export function fixed(value: number | null, places = 1): string {
  if (value === null) return UNKNOWN;
  return keep(
    `fixed|${places}`,
    () => new Intl.NumberFormat(i18n.tag, { minimumFractionDigits: places, maximumFractionDigits: places }),
  ).format(value);
}

/** A share of one with its sign, as deviations are told: `+8 %`. */
export function signedPercent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const places = share !== 0 && Math.abs(share) < 0.1 ? 1 : 0;
  return keep(
    `signed-percent|${places}`,
    () => new Intl.NumberFormat(i18n.tag, { style: "percent", maximumFractionDigits: places, signDisplay: "exceptZero" }),
  ).format(share);
}

/** A difference with its sign. */
export function signed(value: number | null, places = 1): string {
  if (value === null) return UNKNOWN;
  return keep(
    `signed|${places}`,
    () => new Intl.NumberFormat(i18n.tag, { maximumFractionDigits: places, signDisplay: "exceptZero" }),
  ).format(value);
}

function moment(
  name: string,
  options: Intl.DateTimeFormatOptions,
  at: string | Date,
  zone: string | undefined,
): string {
  return keep(
    `${name}|${zone ?? ""}`,
    () => new Intl.DateTimeFormat(i18n.tag, { ...options, timeZone: zone || undefined }),
  ).format(typeof at === "string" ? new Date(at) : at);
}

/** Hours and minutes in a zone, the desk's own when none is given. */
export function time(at: string | Date, zone?: string): string {
  return moment("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at, zone);
}

export function date(at: string | Date, zone?: string): string {
  return moment("date", { day: "numeric", month: "short", year: "numeric" }, at, zone);
}

/** `24.10.2026`: a day as it is typed. */
export function shortDay(iso: string): string {
  const format = keep("short-day", () => new Intl.DateTimeFormat(i18n.tag, { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }));
  return format.format(new Date(`${iso}T00:00:00Z`));
}

/** A day given as `YYYY-MM-DD`, which is the same day in every zone. */
export function day(iso: string): string {
  return moment("day", { day: "numeric", month: "short", year: "numeric" }, `${iso}T12:00:00Z`, "UTC");
}

/** A day given as `YYYY-MM-DD`, without the year. */
export function dayMonth(iso: string): string {
  return moment("day-month", { day: "numeric", month: "short" }, `${iso}T12:00:00Z`, "UTC");
}

/** A day given as `YYYY-MM-DD` with its weekday, all in words. */
export function longDay(iso: string): string {
  return moment("long-day", { weekday: "long", day: "numeric", month: "long", year: "numeric" }, `${iso}T12:00:00Z`, "UTC");
}

/** Minutes after midnight as the wall clock shows them; the end of a day is `24:00`. */
export function clock(minute: number): string {
  if (minute === 1440) return "24:00";
  return moment("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, new Date(Date.UTC(2024, 0, 1, 0, minute)), "UTC");
}

export function dateTime(at: string | Date, zone?: string): string {
  return moment(
    "date-time",
    { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    at,
    zone,
  );
}

/** 0 is Monday. */
export function weekday(index: number, width: "long" | "short" = "short"): string {
  // 1 January 2024 was a Monday.
  return moment(`weekday-${width}`, { weekday: width }, new Date(Date.UTC(2024, 0, 1 + index, 12)), "UTC");
}

const STEPS: readonly [limit: number, seconds: number, unit: "second" | "minute" | "hour" | "day"][] = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [Number.POSITIVE_INFINITY, 86_400, "day"],
];

/** "5 minutes ago", "in 2 hours", "yesterday". */
export function relative(at: string | Date, now: Date = new Date()): string {
  const seconds = Math.round(((typeof at === "string" ? new Date(at) : at).getTime() - now.getTime()) / 1000);
  const format = keep("relative", () => new Intl.RelativeTimeFormat(i18n.tag, { numeric: "auto" }));
  const size = Math.abs(seconds);
  for (const [limit, step, unit] of STEPS) {
    if (size < limit) return format.format(Math.trunc(seconds / step), unit);
  }
  return "";
}

/** "48 min", "3 days": how long, in one unit. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [, step, unit] = STEPS.find(([limit]) => whole < limit) as (typeof STEPS)[number];
  return keep(
    `span|${unit}`,
    () => new Intl.NumberFormat(i18n.tag, { style: "unit", unit, unitDisplay: "short" }),
  ).format(Math.floor(whole / step));
}

/** `4:07`, `1:02:33`: a timer. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** What the reader calls a language of ISO 639-1, by its code. */
export function languageName(code: string): string {
  return keep("language", () => new Intl.DisplayNames(i18n.tag, { type: "language" })).of(code) ?? code;
}

/** A line of work by its client's or team's name and, where it is one language of it, that. */
export function lineName(name: string, language: string | null): string {
  return language === null ? name : `${name} · ${languageName(language)}`;
}

/** All zones the system knows, the desk's own first. */
export function zones(): string[] {
  const own = ownZone();
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  const names = all.map((zone) => (zone === "Europe/Kiev" ? "Europe/Kyiv" : zone));
  return [own, ...names.filter((zone) => zone !== own)];
}

/** The zone of this computer. */
export function ownZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone || "Europe/Kyiv";
  return zone === "Europe/Kiev" ? "Europe/Kyiv" : zone;
}
