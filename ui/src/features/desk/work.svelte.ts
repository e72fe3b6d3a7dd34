// The operator's work as the screen sees it: the last snapshot, what has been typed since, and one
// line of commands. Commands go out one at a time, in the order of the keys, and what a key means is
// decided when its turn comes: a key pressed before the answer to the one before it is not lost and
// not misread.
import {
  asApiError,
  ask,
  commands,
  type ApiError,
  type DeskAction,
  type DeskState,
  type DeskView,
  type Draft,
  type PauseReason,
  type StepView,
} from "@/lib/ipc";
import { callStrip } from "@/lib/strip.svelte";

/** How long typing may rest before it is sent. */
export const KEEP_AFTER_MS = 120;
const SLOW_AFTER_MS = 150;
const RETRY_FIRST_MS = 1000;
const RETRY_LAST_MS = 5000;

type Field = keyof Draft;

type Job = {
  /** A step presumes that what went before it succeeded; the others stand alone. */
  kind: "step" | "keep" | "refresh";
  run: () => Promise<DeskView> | null;
  /** What the fields were when they were sent. */
  sent?: Map<Field, number>;
  failed?: (error: ApiError) => void;
  done?: () => void;
};

const NOTHING: Draft = { outcome: "", reason: "", subreason: "", comment: "", callback_at: null };

/** The action of the one key that goes on. */
const ONWARD: Partial<Record<DeskState, DeskAction>> = {
  ready: "next_task",
  preview: "dial",
  dialling: "answered",
  ringing: "answered",
  hold: "resume",
  pause: "ready",
};

/** The action that the key for going on stands for in this state, if it may be done now. */
export function onward(view: DeskView | null): DeskAction | null {
  const action = view ? ONWARD[view.state] : undefined;
  return action && view?.actions.includes(action) ? action : null;
}

/** The step in which a script is over: its words are still to be said, but nothing follows. */
const END = "end";

/** Whether a step asks nothing and leads on. */
export function onlySays(step: StepView): boolean {
  return step.answers.length === 0 && step.id !== END;
}

/** Whether the script has come to its end. */
export function finished(step: StepView | null): boolean {
  return step === null || step.id === END;
}

function without<T extends object>(record: T, key: keyof T): T {
  return Object.fromEntries(Object.entries(record).filter(([known]) => known !== key)) as T;
}

export class DeskWork {
  /** The last snapshot. */
  view = $state.raw<DeskView | null>(null);
  /** What went wrong last; gone with the next success. */
  error = $state.raw<ApiError | null>(null);
  /** A command has been under way for longer than a person takes for at once. */
  slow = $state(false);
  /** Typed text could not be kept yet and is tried again. */
  atRisk = $state(false);
  /** The answer just pressed, until the desk replies. */
  pressed = $state.raw<{ step: string; digit: number } | null>(null);
  /** Counts refused saves, so that the screen can lead to what is missing. */
  refusedSaves = $state(0);
  /** The task whose result was refused: what it lacks is said louder from then on. */
  refusedFor = $state<string | null>(null);
  /** Counts the times the queue may have changed. */
  queueTurn = $state(0);

  #typed = $state<Partial<Draft>>({});
  #ticks = $state<Record<string, boolean>>({});
  #quantities = $state<Record<string, number>>({});
  #marks = new Map<Field, number>();
  #mark = 0;
  #typedFor: string | null = null;

  #jobs: Job[] = [];
  #running = false;
  #skew = 0;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #retryAfter = RETRY_FIRST_MS;
  #person: string | null = null;

  /** Begins for a person: what another has left here is not theirs. */
  open(person: string): void {
    if (this.#person !== person) {
      this.#person = person;
      this.#jobs = [];
      this.#forgetTyped();
      this.view = null;
      this.error = null;
    }
    this.refresh();
  }

  /** Whether a command is under way or waits: what the keys mean next is not known yet. */
  get busy(): boolean {
    return this.#running;
  }

  /** What has been typed and chosen, the newest of here and there. */
  get draft(): Draft {
    return { ...(this.view?.card?.draft ?? NOTHING), ...this.#typed };
  }

  /** Whether something typed has not been acknowledged yet. */
  get dirty(): boolean {
    return Object.keys(this.#typed).length > 0;
  }

  /** The desk's clock, in milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#skew;
  }

  can(action: DeskAction): boolean {
    return this.view?.actions.includes(action) ?? false;
  }

  /** The tick as last pressed, before the desk has replied too. */
  ticked(point: string, kept: boolean): boolean {
    return this.#ticks[point] ?? kept;
  }

  /** The quantity as last set, before the desk has replied too. */
  quantity(key: string, kept: number): number {
    return this.#quantities[key] ?? kept;
  }

  // Snapshots

  /** Asks for the desk as it stands. */
  refresh(): void {
    this.queueTurn += 1;
    if (this.#jobs.some((job) => job.kind === "refresh")) return;
    this.#push({
      kind: "refresh",
      run: () => ask(commands.desk()),
    });
  }

  // Steps: each is decided when its turn comes

  /** The one key that goes on: the next task, dial, answered, speak on, come back, the next step. */
  goOn(): void {
    this.#step((view) => {
      const action = onward(view);
      return action ? ask(commands.act(action)) : this.#said(view);
    });
  }

  /** Goes on from a step that only says. */
  said(): void {
    this.#step((view) => this.#said(view));
  }

  act(action: DeskAction): void {
    this.#step((view) => (view.actions.includes(action) ? ask(commands.act(action)) : null));
  }

  /** Lets the customer wait, or speaks on. */
  holdOrResume(): void {
    this.#step((view) => {
      const action = view.state === "hold" ? "resume" : "hold";
      return view.actions.includes(action) ? ask(commands.act(action)) : null;
    });
  }

  /** Takes a task out of turn, due or not. */
  takeTask(task: string): void {
    this.#step((view) => (view.state === "ready" ? ask(commands.takeTask(task)) : null));
  }

  pause(reason: PauseReason): void {
    this.#step((view) => (view.actions.includes("pause") ? ask(commands.pause(reason)) : null));
  }

  /** A digit: an answer while speaking, an outcome in wrap-up. */
  digit(digit: number): void {
    const step = this.view?.card?.script.step;
    if (step && this.#jobs.length === 0 && this.view?.state !== "wrap_up") {
      this.pressed = { step: step.id, digit };
    }
    this.#step((view) => {
      if (view.state === "wrap_up") {
        const choice = view.card?.outcomes[digit - 1];
        if (choice) this.choose("outcome", choice.code);
        return null;
      }
      return this.#answer(view, digit);
    });
  }

  /** An answer nobody foresaw, in the customer's words, which may be left out; the script stays where it is. */
  answerInWords(step: string, words: string): void {
    this.#step((view) =>
      view.card?.script.step?.id === step && view.actions.includes("work")
        ? ask(commands.answer(step, null, words))
        : null,
    );
  }

  stepBack(): void {
    this.#step((view) => {
      const trail = view.card?.script.trail.length ?? 0;
      return trail > 0 && view.actions.includes("work") ? ask(commands.stepBack()) : null;
    });
  }

  /** Chooses the first level of the reason by its place in the list. */
  chooseReason(index: number): void {
    this.#step((view) => {
      const choice = view.state === "wrap_up" ? view.card?.reasons[index] : undefined;
      if (choice) this.setReason(choice.code);
      return null;
    });
  }

  /** Chooses the second level by its place under the first. */
  chooseSubreason(index: number): void {
    this.#step((view) => {
      const reason = view.card?.reasons.find((choice) => choice.code === this.draft.reason);
      const code = view.state === "wrap_up" ? reason?.subreasons[index] : undefined;
      if (code) this.choose("subreason", code);
      return null;
    });
  }

  tick(point: string, ticked: boolean): void {
    if (!this.can("work")) return;
    this.#ticks[point] = ticked;
    this.#step(
      (view) => (view.actions.includes("work") ? ask(commands.tick(point, ticked)) : null),
      () => {
        if (this.#ticks[point] === ticked) this.#ticks = without(this.#ticks, point);
      },
    );
  }

  setQuantity(key: string, quantity: number): void {
    if (!this.can("work")) return;
    this.#quantities[key] = quantity;
    this.#step(
      (view) => {
        if (!view.actions.includes("work")) return null;
        const line = view.card?.order.lines.find((candidate) => candidate.key === key);
        // Only the last of several quick presses needs to be sent.
        if (!line || this.#quantities[key] !== quantity || line.quantity === quantity) return null;
        return ask(commands.editLine({ change: "set_quantity", key, quantity }));
      },
      () => {
        if (this.#quantities[key] === quantity) this.#quantities = without(this.#quantities, key);
      },
    );
  }

  addProduct(product: string): void {
    this.#step((view) => (view.actions.includes("work") ? ask(commands.editLine({ change: "add", product })) : null));
  }

  /** Saves the result; what is missing is said by the desk, not guessed here. */
  save(takeNext: boolean): void {
    const job = this.#stepOf(
      (view) => {
        if (view.state !== "wrap_up" || !view.card) return null;
        job.sent = new Map(this.#marks);
        return ask(commands.saveResult(this.draft, takeNext));
      },
      () => {
        this.refusedSaves += 1;
        this.refusedFor = this.view?.card?.task ?? null;
      },
    );
    // The result carries what was typed; it need not be kept first.
    this.#push(job);
  }

  undo(): void {
    this.#step((view) => (view.undo ? ask(commands.undoResult()) : null));
  }

  // What is typed

  /** Takes one field of the draft as typed or chosen just now. */
  set<F extends Field>(field: F, value: Draft[F]): void {
    const task = this.view?.card?.task;
    if (!task) return;
    this.#typedFor = task;
    this.#typed[field] = value;
    this.#marks.set(field, ++this.#mark);
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => this.keepNow(), KEEP_AFTER_MS);
  }

  /** The first level of the reason; the second cannot outlive it. */
  setReason(reason: string): void {
    const only = this.view?.card?.reasons.find((choice) => choice.code === reason)?.subreasons;
    this.set("reason", reason);
    this.choose("subreason", only?.length === 1 ? (only[0] ?? "") : "");
  }

  /** Takes a field that is chosen, not typed: kept at once. */
  choose<F extends Field>(field: F, value: Draft[F]): void {
    this.set(field, value);
    this.keepNow();
  }

  /** Sends what has been typed without waiting for a rest. */
  keepNow(): void {
    clearTimeout(this.#keepTimer);
    if (!this.dirty || this.#jobs.some((job) => job.kind === "keep")) return;
    const job: Job = {
      kind: "keep",
      run: () => {
        if (!this.dirty) return null;
        job.sent = new Map(this.#marks);
        return ask(commands.keepDraft(this.draft));
      },
      failed: (error) => this.#keepFailed(error),
    };
    this.#push(job);
  }

  /** Takes the notice of an error away. */
  dismiss(): void {
    this.error = null;
  }

  #forgetTyped(): void {
    clearTimeout(this.#keepTimer);
    this.#typed = {};
    this.#marks.clear();
    this.#typedFor = null;
    this.atRisk = false;
  }

  #answer(view: DeskView, digit: number): Promise<DeskView> | null {
    const step = view.card?.script.step;
    const answers = view.actions.includes("work") && step?.answers.some((answer) => answer.digit === digit);
    if (!step || !answers) {
      this.pressed = null;
      return null;
    }
    return ask(commands.answer(step.id, digit, null));
  }

  #said(view: DeskView): Promise<DeskView> | null {
    const step = view.card?.script.step;
    const says = view.state === "talking" && step && onlySays(step);
    return says && view.actions.includes("work") ? ask(commands.answer(step.id, null, null)) : null;
  }

  #acknowledge(marks: Map<Field, number>): void {
    for (const field of Object.keys(this.#typed) as Field[]) {
      // A field typed again meanwhile is newer than what was kept.
      if (this.#marks.get(field) === marks.get(field)) this.#typed = without(this.#typed, field);
    }
    this.atRisk = false;
    this.#retryAfter = RETRY_FIRST_MS;
  }

  #keepFailed(error: ApiError): void {
    if (error.code === "wrong-moment" || error.code === "not-found") {
      this.refresh();
      return;
    }
    this.atRisk = true;
    // A locked screen keeps the words here and sends them after unlocking.
    if (error.code === "sign-in-needed") return;
    this.#keepTimer = setTimeout(() => this.keepNow(), this.#retryAfter);
    this.#retryAfter = Math.min(this.#retryAfter * 2, RETRY_LAST_MS);
  }

  #step(decide: (view: DeskView) => Promise<DeskView> | null, done?: () => void): void {
    // What the script sets after this shall win over what was chosen before it.
    this.keepNow();
    const job = this.#stepOf(decide);
    if (done) job.done = done;
    this.#push(job);
  }

  #stepOf(decide: (view: DeskView) => Promise<DeskView> | null, failed?: () => void): Job {
    const job: Job = { kind: "step", run: () => (this.view ? decide(this.view) : null) };
    if (failed) job.failed = failed;
    return job;
  }

  #push(job: Job): void {
    this.#jobs.push(job);
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      const under = job.run();
      if (under) await this.#finish(job, under);
      job.done?.();
    }
    this.#running = false;
  }

  async #finish(job: Job, under: Promise<DeskView>): Promise<void> {
    const person = this.#person;
    const timer = setTimeout(() => (this.slow = true), SLOW_AFTER_MS);
    try {
      const view = await under;
      if (person !== this.#person) return;
      if (job.sent) this.#acknowledge(job.sent);
      this.#adopt(view);
      if (job.kind === "step") this.error = null;
    } catch (error) {
      const refusal = asApiError(error);
      this.pressed = null;
      if (job.kind === "step") this.#dropSteps();
      if (job.kind !== "keep") this.error = refusal;
      job.failed?.(refusal);
    } finally {
      clearTimeout(timer);
      this.slow = false;
    }
  }

  /** The keys pressed behind a step that failed counted on its success. */
  #dropSteps(): void {
    const behind = this.#jobs.filter((waiting) => waiting.kind === "step");
    this.#jobs = this.#jobs.filter((waiting) => waiting.kind !== "step");
    for (const dropped of behind) dropped.done?.();
  }

  #adopt(view: DeskView): void {
    const before = this.view;
    this.#skew = Date.parse(view.now) - Date.now();
    this.pressed = null;
    if (this.#typedFor !== null && view.card?.task !== this.#typedFor) {
      // Its card has left the desk, saved or put back.
      this.#forgetTyped();
    }
    if (before?.card?.task !== view.card?.task || before?.waiting !== view.waiting || before?.due !== view.due) {
      this.queueTurn += 1;
    }
    this.view = view;
    callStrip.take(view);
    if (this.atRisk && this.dirty) this.keepNow();
  }
}

/** The one desk of this window. */
export const work = new DeskWork();
