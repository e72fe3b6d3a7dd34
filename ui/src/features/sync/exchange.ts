/* What the list and a shop's page do alike. */
import { errorWords } from "@/lib/errors";
import { date, dateTime, time } from "@/lib/format";
import { t } from "@/lib/i18n/index.svelte";
import { asApiError, ask, commands, type ApiError, type ErrorCode, type SyncRow } from "@/lib/ipc";
import { toast } from "@/lib/toasts.svelte";

/** Asks the shop for what is new and sends what waits. */
export async function pullNow(shop: string): Promise<void> {
  try {
    await ask(commands.syncNow(shop));
    toast({ text: t("sync-begun") });
  } catch (error) {
    toast({ text: errorWords(asApiError(error)), look: "danger" });
  }
}

const KEY_FAULTS: readonly ErrorCode[] = ["shop-wrong-key", "shop-no-read-right", "shop-no-write-right"];

/** Whether the shop refuses the key, so that a new one is what helps. */
export function isKeyFault(error: ApiError | null): boolean {
  return error !== null && KEY_FAULTS.includes(error.code);
}

export function needsKey(row: SyncRow): boolean {
  return row.actions.includes("rekey") && isKeyFault(row.error);
}

/** The hour of a moment, with its day when that is not today's. */
export function clock(at: string, now: Date): string {
  return date(at) === date(now) ? time(at) : dateTime(at);
}

export function isBusy(row: SyncRow): boolean {
  return row.phase === "working" || row.phase === "importing";
}
