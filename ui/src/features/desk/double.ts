// A desk behind the commands of the window, for tests and pictures: the state machine of one call, as
// slow as wanted.
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import type {
  ApiError,
  CardView,
  DeskAction,
  DeskState,
  DeskView,
  Draft,
  ErrorCode,
  LineEdit,
  OutcomeChoice,
  PauseReason,
  ProductView,
  QueueRow,
  ReasonChoice,
  StepView,
} from "@/lib/ipc";

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

const LEADS: Partial<Record<DeskAction, DeskState>> = {
  next_task: "preview",
  dial: "dialling",
  answered: "talking",
  no_answer: "wrap_up",
  busy: "wrap_up",
  hold: "hold",
  resume: "talking",
  hang_up: "wrap_up",
  put_back: "ready",
  ready: "ready",
};

const UNDO_MS = 10_000;

export const NO_DRAFT: Draft = { outcome: "", reason: "", subreason: "", comment: "", callback_at: null };

const choice = (code: string, needs: Partial<OutcomeChoice> = {}): OutcomeChoice => ({
  code,
  needs_callback_time: false,
  needs_comment: false,
  ...needs,
});

export const OUTCOMES: OutcomeChoice[] = [
  choice("confirmed"),
  choice("confirmed_with_changes"),
  choice("cancelled"),
  choice("callback", { needs_callback_time: true }),
  choice("no_answer"),
  choice("busy"),
  choice("voicemail"),
  choice("wrong_number", { needs_comment: true }),
  choice("refused_to_talk", { needs_comment: true }),
];

export const REASONS: ReasonChoice[] = [
  { code: "order", subreasons: ["confirmation", "change", "status", "repeat", "document"] },
  { code: "delivery", subreasons: ["address", "date", "cost", "delay", "carrier"] },
  { code: "payment", subreasons: ["method", "prepayment", "instalments", "not_received", "invoice"] },
  { code: "product", subreasons: ["choice", "availability", "specification", "compatibility", "price"] },
  { code: "cancellation", subreasons: ["price", "delivery_time", "bought_elsewhere", "duplicate", "changed_mind"] },
  { code: "return", subreasons: ["defect", "not_as_described", "wrong_item", "damaged", "not_suited"] },
  { code: "warranty", subreasons: ["repair", "installation", "terms", "spare_parts", "consultation"] },
  { code: "complaint", subreasons: ["courier", "operator", "quality", "site", "advertising"] },
];

/** What a task and the shop behind it consist of. */
export interface World {
  card: (number: number) => CardView;
  /** The steps of the script; the last answer of the last ends it as confirmed. */
  steps: (card: CardView) => StepView[];
  queue: QueueRow[];
  products: ProductView[];
}

export type Told = { command: string; args: Record<string, unknown> };

export class DeskDouble {
  state: DeskState = "ready";
  since = Date.now();
  card: CardView | null = null;
  undo: { card: CardView; until: number } | null = null;
  unreachable: string[] = [];
  /** Every command in the order in which it came. */
  told: Told[] = [];
  saved: Draft[] = [];
  savedBefore = 0;
  /** Answers are held until `release` when set. */
  slow = false;
  /** Refusals by command, used up one by one. */
  refusals: Record<string, ApiError[]> = {};
  #pause: PauseReason | null = null;
  #held: (() => void)[] = [];
  #next = 1;
  #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  install(): void {
    mockIPC((command, args) => this.hear(command, (args ?? {}) as Record<string, unknown>));
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

  commands(): string[] {
    return this.told.map(({ command }) => command);
  }

  view(): DeskView {
    const queue = this.#world.queue;
    const card = this.card;
    if (this.undo && this.undo.until < Date.now()) this.undo = null;
    return structuredClone({
      state: this.state,
      since: new Date(this.since).toISOString(),
      now: new Date().toISOString(),
      pause_reason: this.#pause,
      actions: ACTIONS[this.state],
      due: queue.filter((row) => row.is_due).length,
      waiting: queue.length,
      unreachable: this.unreachable,
      saved_today: this.savedBefore + this.saved.length,
      card: card && { ...card, blockers: this.state === "wrap_up" ? blockers(card) : [] },
      undo: this.undo && {
        order_number: this.undo.card.order.number,
        outcome: this.undo.card.draft.outcome,
        until: new Date(this.undo.until).toISOString(),
      },
      notice: null,
    });
  }

  async hear(command: string, args: Record<string, unknown>): Promise<unknown> {
    if (command.startsWith("plugin:")) return 1;
    this.told.push({ command, args });
    if (this.slow && command !== "queue") await new Promise<void>((go) => this.#held.push(go));
    const refusal = this.refusals[command]?.shift();
    if (refusal) throw refusal;
    if (command === "queue") return this.#page(Number(args["offset"]), Number(args["limit"]));
    if (command === "search_products") return this.#found(String(args["text"]));
    this.#apply(command, args);
    return this.view();
  }

  act(action: DeskAction): void {
    if (!ACTIONS[this.state].includes(action)) throw refusal("wrong-moment");
    this.#enter(LEADS[action] ?? this.state);
    const queue = this.#world.queue;
    if (action === "next_task") {
      this.card = this.#world.card(this.#next++);
      this.card.script.step = this.#world.steps(this.card)[0] ?? null;
      const row = queue.shift();
      if (row) this.card.task = row.task;
    }
    if (action === "dial" && this.card) {
      this.card.phone_masked = false;
      this.card.phone = this.card.phone.replace("*** ** ", "345 12 ");
    }
    if (action === "no_answer" || action === "busy") this.#chose({ outcome: action });
    if (action === "put_back") this.card = null;
  }

  #enter(state: DeskState): void {
    this.state = state;
    this.since = Date.now();
    this.#pause = null;
  }

  #page(offset: number, limit: number): unknown {
    const queue = this.#world.queue;
    return { rows: queue.slice(offset, offset + limit), total: queue.length, due: queue.filter((row) => row.is_due).length };
  }

  #found(text: string): ProductView[] {
    const words = text.toLocaleLowerCase().split(/\s+/);
    return this.#world.products
      .filter(({ name, sku }) => words.every((word) => `${name} ${sku}`.toLocaleLowerCase().includes(word)))
      .slice(0, 20);
  }

  #apply(command: string, args: Record<string, unknown>): void {
    switch (command) {
      case "act":
        this.act(args["action"] as DeskAction);
        break;
      case "take_task":
        this.act("next_task");
        break;
      case "pause":
        this.#enter("pause");
        this.#pause = args["reason"] as PauseReason;
        break;
      case "answer":
        this.#answer(args["digit"] as number | null);
        break;
      case "step_back":
        this.#stepBack();
        break;
      case "tick":
        for (const point of this.card?.checklist ?? []) if (point.id === args["point"]) point.ticked = args["ticked"] === true;
        break;
      case "edit_line":
        if (this.card) edit(this.card, args["edit"] as LineEdit, this.#world.products);
        break;
      case "keep_draft":
        if (this.card) this.card.draft = written(args["draft"] as Draft);
        break;
      case "save_result":
        this.#save(args["draft"] as Draft, args["takeNext"] === true);
        break;
      case "undo_result":
        if (!this.undo) throw refusal("undo-too-late");
        this.card = this.undo.card;
        this.undo = null;
        this.saved.pop();
        this.#enter("wrap_up");
        break;
    }
  }

  #answer(digit: number | null): void {
    const card = this.card;
    const step = card?.script.step;
    const answer = step?.answers.find((known) => known.digit === digit);
    // An answer in words is written down, and the script stays where it is.
    if (!card || !step || !answer) return;
    card.script.trail.push({ step: step.id, answer: answer.text });
    const steps = this.#world.steps(card);
    card.script.step = steps[steps.findIndex(({ id }) => id === step.id) + 1] ?? null;
    if (card.script.step !== null) return;
    for (const point of card.checklist) if (point.required) point.ticked = true;
    const changed = card.order.lines.some((line) => line.quantity !== line.quantity_before);
    this.#chose(
      changed
        ? { outcome: "confirmed_with_changes", reason: "order", subreason: "change" }
        : { outcome: "confirmed", reason: "order", subreason: "confirmation" },
    );
  }

  #stepBack(): void {
    const past = this.card?.script.trail.pop();
    if (this.card && past) {
      this.card.script.step = this.#world.steps(this.card).find(({ id }) => id === past.step) ?? null;
    }
  }

  #chose(draft: Partial<Draft>): void {
    if (this.card) this.card.draft = { ...this.card.draft, ...draft };
  }

  #save(draft: Draft, takeNext: boolean): void {
    if (!this.card) throw refusal("wrong-moment");
    this.card.draft = draft;
    const [missing] = blockers(this.card);
    if (missing) throw missing;
    this.saved.push(draft);
    this.undo = { card: this.card, until: Date.now() + UNDO_MS };
    this.card = null;
    this.#enter("ready");
    if (takeNext && this.#world.queue.some((row) => row.is_due)) this.act("next_task");
  }
}

export function refusal(code: ErrorCode, args: Record<string, string> = {}): ApiError {
  return { code, args, message: code };
}

/** The draft as the desk writes it: a moment without the milliseconds it was sent with. */
function written(draft: Draft): Draft {
  return { ...draft, callback_at: draft.callback_at?.replace(/\.000Z$/, "Z") ?? null };
}

function blockers({ draft, checklist, outcomes }: CardView): ApiError[] {
  const found: ApiError[] = [];
  const outcome = outcomes.find(({ code }) => code === draft.outcome);
  if (!outcome) return [refusal("outcome-missing")];
  const spoken = !["no_answer", "busy", "voicemail"].includes(outcome.code);
  if (spoken && (draft.reason === "" || draft.subreason === "")) found.push(refusal("reason-missing"));
  if (outcome.needs_comment && draft.comment.trim() === "") found.push(refusal("comment-missing"));
  if (outcome.needs_callback_time && draft.callback_at === null) found.push(refusal("callback-missing"));
  const open = checklist.filter((point) => point.required && !point.ticked);
  if (outcome.code.startsWith("confirmed") && open.length > 0) {
    found.push(refusal("checklist-open", { points: open.map(({ text }) => text).join("; ") }));
  }
  return found;
}

function edit(card: CardView, change: LineEdit, products: ProductView[]): void {
  const { order } = card;
  if (change.change === "set_quantity") {
    for (const line of order.lines) if (line.key === change.key) line.quantity = change.quantity;
  } else {
    const key = `new:${change.product}`;
    const known = order.lines.find((line) => line.key === key);
    const product = products.find(({ remote }) => remote === change.product);
    if (known) known.quantity += 1;
    else if (product) {
      order.lines.push({
        key,
        sku: product.sku,
        name: product.name,
        quantity: 1,
        quantity_before: 0,
        unit_price: product.price,
        total: product.price,
      });
    }
  }
  let minor = order.delivery_total.minor;
  for (const line of order.lines) {
    line.total = { ...line.unit_price, minor: line.unit_price.minor * line.quantity };
    minor += line.total.minor;
  }
  order.total = { ...order.total, minor };
}
