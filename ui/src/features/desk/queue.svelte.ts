// The queue as far as it has been looked at: pages by number, the old ones shown until newer are here.
import { asApiError, ask, commands, type ApiError, type QueueRow } from "@/lib/ipc";

const PAGE = 100;

export class QueueRows {
  total = $state(0);
  due = $state(0);
  /** Whether the desk has answered at all. */
  known = $state(false);
  error = $state.raw<ApiError | null>(null);
  #pages = $state.raw(new Map<number, readonly QueueRow[]>());
  #asked = new Set<number>();
  #round = 0;

  row(index: number): QueueRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Makes sure that these rows are here or on their way. */
  show(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < Math.max(to, 1); page += 1) void this.#load(page);
  }

  /** The queue has changed: what is in sight is asked for again. */
  renew(from: number, to: number): void {
    this.#round += 1;
    this.#asked = new Set();
    this.show(from, to);
  }

  async #load(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const round = this.#round;
    try {
      const told = await ask(commands.queue(page * PAGE, PAGE));
      // An older question may be answered after a newer one.
      if (round !== this.#round) return;
      this.#pages = new Map(this.#pages).set(page, told.rows);
      this.total = told.total;
      this.due = told.due;
      this.known = true;
      this.error = null;
    } catch (error) {
      if (round !== this.#round) return;
      this.#asked.delete(page);
      this.error = asApiError(error);
    }
  }
}
