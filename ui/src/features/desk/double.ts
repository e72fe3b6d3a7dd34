// A desk for tests: the state machine of one call behind the commands of the window, as slow as wanted.
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import type { ApiError, CardView, DeskAction, DeskState, DeskView, Draft, LineEdit, Money } from "@/lib/ipc";

const ACTIONS: Record<DeskState, DeskAction[]> = {
  ready: ["next_task", "pause"],
  preview: ["dial", "put_back"],
  dialling: ["answered", "no_answer", "busy"],
  ringing: ["answered", "no_answer", "busy"],
  talking: ["work", "hold", "hang_up"],
  hold: ["work", "resume", "hang_up"],
  wrap_up: ["work", "save"],
  pause: ["ready"],
};

const EMPTY: Draft = { outcome: "", reason: "", subreason: "", comment: "", callback_at: null };

function uah(minor: number): Money {
  return { minor, currency: "UAH" };
}

function card(number: number): CardView {
  return {
    task: `task-${number}`,
    call: null,
    shop: "shop-1",
    shop_name: "Комора",
    shop_zone: "Europe/Kyiv",
    attempts: 0,
    customer_name: "Олена Ковальчук",
    phone: "+380 67 *** ** 67",
    phone_masked: true,
    order: {
      remote: `remote-${number}`,
      number: String(10_000 + number),
      placed_at: "2026-03-02T08:00:00Z",
      status: "pending",
      lines: [
        { key: "line:1", sku: "K-1", name: "Чайник", quantity: 1, quantity_before: 1, unit_price: uah(120_000), total: uah(120_000) },
      ],
      delivery_total: uah(8_000),
      total: uah(128_000),
      total_before: uah(128_000),
      delivery_address: "Київ, вул. Лісова, 1",
      delivery_method: "Нова пошта",
      payment_method: "Післяплата",
      customer_note: "",
      can_edit: true,
    },
    script: {
      title: "Підтвердження",
      version: 1,
      step: {
        id: "greeting",
        text: [
          { kind: "text", text: "Добрий день! Це " },
          { kind: "value", text: "Олена" },
          { kind: "text", text: "? Доставка " },
          { kind: "missing", text: "delivery_date" },
        ],
        answers: [
          { digit: 1, text: "Так" },
          { digit: 2, text: "Ні" },
        ],
      },
      trail: [],
    },
    checklist: [{ id: "items", text: "Склад названо", required: true, ticked: false }],
    draft: { ...EMPTY },
    blockers: [],
    history: [],
    outcomes: [
      { code: "confirmed", needs_callback_time: false, needs_comment: false },
      { code: "confirmed_with_changes", needs_callback_time: false, needs_comment: false },
      { code: "cancelled", needs_callback_time: false, needs_comment: false },
      { code: "callback", needs_callback_time: true, needs_comment: false },
    ],
    reasons: [
      { code: "order", subreasons: ["confirmation", "change"] },
      { code: "delivery", subreasons: ["address", "date"] },
    ],
  };
}

export type Told = { command: string; args: Record<string, unknown> };

export class DeskDouble {
  state: DeskState = "ready";
  card: CardView | null = null;
  /** Every command in the order in which it came. */
  told: Told[] = [];
  saved: Draft[] = [];
  /** Answers are held until `release` when set. */
  slow = false;
  /** Refusals by command, used up one by one. */
  refusals: Record<string, ApiError[]> = {};
  #held: (() => void)[] = [];
  #next = 1;

  install(): void {
    mockIPC((command, args) => this.#hear(command, (args ?? {}) as Record<string, unknown>));
  }

  remove(): void {
    clearMocks();
  }

  /** Lets the oldest held answer go. */
  release(): boolean {
    const go = this.#held.shift();
    go?.();
    return go !== undefined;
  }

  get held(): number {
    return this.#held.length;
  }

  commands(): string[] {
    return this.told.map(({ command }) => command);
  }

  view(): DeskView {
    return structuredClone({
      state: this.state,
      since: new Date().toISOString(),
      now: new Date().toISOString(),
      pause_reason: null,
      actions: ACTIONS[this.state],
      due: 3,
      waiting: 5,
      unreachable: [],
      saved_today: this.saved.length,
      card: this.card,
      undo: null,
    });
  }

  async #hear(command: string, args: Record<string, unknown>): Promise<unknown> {
    if (command.startsWith("plugin:")) return 1;
    this.told.push({ command, args });
    if (this.slow && command !== "queue") await new Promise<void>((go) => this.#held.push(go));
    const refusal = this.refusals[command]?.shift();
    if (refusal) throw refusal;
    if (command === "queue") return { rows: [], total: 0, due: 0 };
    if (command === "search_products") return [];
    this.#apply(command, args);
    return this.view();
  }

  #apply(command: string, args: Record<string, unknown>): void {
    switch (command) {
      case "act":
        this.#act(args["action"] as DeskAction);
        break;
      case "answer":
        this.#answer();
        break;
      case "tick":
        for (const point of this.card?.checklist ?? []) if (point.id === args["point"]) point.ticked = args["ticked"] === true;
        break;
      case "edit_line":
        this.#edit(args["edit"] as LineEdit);
        break;
      case "keep_draft":
        if (this.card) this.card.draft = args["draft"] as Draft;
        break;
      case "save_result":
        this.saved.push(args["draft"] as Draft);
        this.card = null;
        this.state = "ready";
        if (args["takeNext"]) this.#act("next_task");
        break;
    }
  }

  #act(action: DeskAction): void {
    if (!ACTIONS[this.state].includes(action)) throw { code: "wrong-moment", args: {}, message: "wrong moment" };
    const to: Partial<Record<DeskAction, DeskState>> = {
      next_task: "preview",
      dial: "dialling",
      answered: "talking",
      no_answer: "wrap_up",
      hold: "hold",
      resume: "talking",
      hang_up: "wrap_up",
      put_back: "ready",
      ready: "ready",
    };
    this.state = to[action] ?? this.state;
    if (action === "next_task") this.card = card(this.#next++);
    if (action === "put_back") this.card = null;
  }

  #answer(): void {
    const script = this.card?.script;
    if (!this.card || !script?.step) return;
    script.trail.push({ step: script.step.id, answer: "Так" });
    if (script.step.id === "greeting") {
      script.step = { id: "agree", text: [{ kind: "text", text: "Усе вірно?" }], answers: [{ digit: 1, text: "Так" }] };
    } else {
      script.step = null;
      this.card.draft = { ...this.card.draft, outcome: "confirmed", reason: "order", subreason: "confirmation" };
      for (const point of this.card.checklist) point.ticked = true;
    }
  }

  #edit(edit: LineEdit): void {
    if (edit.change !== "set_quantity") return;
    for (const line of this.card?.order.lines ?? []) if (line.key === edit.key) line.quantity = edit.quantity;
  }
}
