// Which forecast is being looked at.
import type { WorkChannel } from "@/lib/ipc";

export interface Choice {
  /** None is all clients together. */
  shop: string | null;
  channel: WorkChannel;
  weeks: number;
}
