// Where each missing thing is missing, so that it is said there.
import { errorWords } from "@/lib/errors";
import type { ApiError, ErrorCode } from "@/lib/ipc";

export type Place = "outcome" | "reason" | "comment" | "callback" | "checklist" | "order";

const PLACES: Partial<Record<ErrorCode, Place>> = {
  "reason-missing": "reason",
  "comment-missing": "comment",
  "callback-missing": "callback",
  "callback-past": "callback",
  "checklist-open": "checklist",
  "edits-need-confirmation": "order",
};

export function placeOf(blocker: ApiError): Place {
  return PLACES[blocker.code] ?? "outcome";
}

/** The words for one place. */
export function wordsAt(blockers: readonly ApiError[], place: Place): string[] {
  return blockers.filter((blocker) => placeOf(blocker) === place).map(errorWords);
}
