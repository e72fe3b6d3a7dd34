/* What the list and a shop's page do alike. */
import { errorWords } from "@/lib/errors";
import { date, time } from "@/lib/format";
import { t } from "@/lib/i18n/index.svelte";
import { asApiError, ask, commands, type ErrorCode, type SyncRow } from "@/lib/ipc";
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

/** Whether a new key is what helps. */
export function needsKey(row: SyncRow): boolean {
  return row.actions.includes("rekey") && row.error !== null && KEY_FAULTS.includes(row.error.code);
}

/** The hour of a moment, with its day when that is not today's. */
export function clock(at: string, now: Date): string {
  return date(at) === date(now) ? time(at) : `${date(at)}, ${time(at)}`;
}

export function isBusy(row: SyncRow): boolean {
  return row.phase === "working" || row.phase === "importing";
}
