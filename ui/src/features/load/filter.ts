// Which calls a number stands for.
import { time, weekday } from "@/lib/format";
import { named, t } from "@/lib/i18n/index.svelte";
import type { CallsRequest } from "@/lib/ipc";

export type Filter = Partial<Pick<CallsRequest, "weekday" | "hour" | "outcome" | "reason" | "subreason">>;
type Key = keyof Filter;

/** The filter of a counted code, `reason/subreason`. */
export function ofReason(code: string): Filter {
  const [reason = "", subreason = ""] = code.split("/");
  return subreason === "" ? { reason } : { reason, subreason };
}

/** `order/confirmation` in words. */
export function reasonWords(code: string): string {
  const { reason = "", subreason } = ofReason(code);
  if (!reason) return t("load-no-reason");
  const first = named("reason", reason);
  return subreason ? `${first} · ${named("subreason", `${reason}-${subreason}`)}` : first;
}

/** An hour of the day as people write it. */
export function hourWords(hour: number): string {
  const at = (value: number): string => time(new Date(Date.UTC(2024, 0, 1, value % 24)), "UTC");
  return `${at(hour)}–${at(hour + 1)}`;
}

export type Chip = { words: string; without: Filter };

/** Each part of a filter in words, with what is left when it is taken away. */
export function chips(filter: Filter): Chip[] {
  const without = (...keys: Key[]): Filter =>
    Object.fromEntries(Object.entries(filter).filter(([key]) => !keys.includes(key as Key))) as Filter;
  const made: Chip[] = [];
  if (filter.weekday != null) made.push({ words: weekday(filter.weekday, "long"), without: without("weekday") });
  if (filter.hour != null) made.push({ words: hourWords(filter.hour), without: without("hour") });
  if (filter.outcome != null) {
    made.push({ words: filter.outcome ? named("outcome", filter.outcome) : t("load-not-saved"), without: without("outcome") });
  }
  if (filter.reason != null) {
    const code = filter.subreason ? `${filter.reason}/${filter.subreason}` : filter.reason;
    made.push({ words: reasonWords(code), without: without("reason", "subreason") });
  }
  return made;
}

/** The filter as the desk is asked. */
export function request(shop: string, days: { from: string; to: string }, filter: Filter, offset: number, limit: number): CallsRequest {
  return {
    shop,
    ...days,
    weekday: filter.weekday ?? null,
    hour: filter.hour ?? null,
    outcome: filter.outcome ?? null,
    reason: filter.reason ?? null,
    subreason: filter.subreason ?? null,
    offset,
    limit,
  };
}
