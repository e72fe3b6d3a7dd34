// Which forecast is being looked at.
import type { WorkChannel } from "@/lib/ipc";

export interface Choice {
  /** None is all clients together. */
  shop: string | null;
  channel: WorkChannel;
  /** Of one client; none is all languages together. */
  language: string | null;
  weeks: number;
}
