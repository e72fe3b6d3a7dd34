/* A plan on the table: what the desk told last, with changes by hand laid over it as they are answered. */
import { untrack } from "svelte";
import { errorWords } from "@/lib/errors";
import { lineName } from "@/lib/format";
import { t } from "@/lib/i18n/index.svelte";
import {
  asApiError,
  ask,
  commands,
  onChanged,
  type ApiError,
  type BrokenRule,
  type CoverDay,
  type MeetingView,
  type PlanChoice,
  type PlanDelta,
  type PlanEdit,
  type PlanLine,
  type PlanPage,
  type PlanPerson,
  type ShiftView,
  type TemplateView,
  type TimeOffView,
} from "@/lib/ipc";
import { toast } from "@/lib/toasts.svelte";

export interface Place {
  row: number;
  column: number;
}

/** The desk is asked again this long after the last change by hand. */
const QUIET = 700;
/** While a search runs, the plan is shown at most this often. */
const STEP = 500;
/** A plan that comes in is drawn when the hands have been still for so long, */
const STILL = 300;
/** but it waits for them no longer than this. */
const PATIENCE = 15_000;

export const at = (person: string, date: string): string => `${person}|${date}`;

function grouped<T extends { person: string; date: string }>(list: readonly T[]): Map<string, T[]> {
  const made = new Map<string, T[]>();
  for (const one of list) {
    const key = at(one.person, one.date);
    const known = made.get(key);
    if (known) known.push(one);
    else made.set(key, [one]);
  }
  return made;
}

export class Board {
  readonly id: string;
  #told = $state.raw<PlanPage>();
  /** With each line named as the reader calls it. */
  readonly page = $derived(this.#told && { ...this.#told, lines: this.#told.lines.map((line) => ({ ...line, name: lineName(line.name, line.language) })) });
  error = $state.raw<ApiError | null>(null);
  /** What the last change by hand did. */
  said = $state.raw<PlanDelta | null>(null);
  /** Cost of the best plan so far, as the search that runs went on. */
  costs = $state.raw<readonly number[]>([]);
  /** When the snapshot came that told of the search. */
  toldAt = $state(0);

  readonly shifts = $derived(grouped<ShiftView>(this.page?.shifts ?? []));
  readonly broken = $derived(grouped<BrokenRule>(this.page?.standing.broken ?? []));
  readonly off = $derived(grouped<TimeOffView>(this.page?.time_off ?? []));
  readonly pinnedOff = $derived(new Set((this.page?.pinned_off ?? []).map(({ person, date }) => at(person, date))));
  readonly meetings = $derived.by(() => {
    const made = new Map<string, MeetingView[]>();
    for (const one of this.page?.meetings ?? []) made.set(one.date, [...(made.get(one.date) ?? []), one]);
    return made;
  });
  readonly templates = $derived(new Map<string, TemplateView>((this.page?.templates ?? []).map((one) => [one.id, one])));
  readonly lines = $derived(new Map<string, PlanLine>((this.page?.lines ?? []).map((one) => [one.shop, one])));
  readonly rows = $derived(new Map((this.page?.people ?? []).map(({ id }, row) => [id, row])));
  readonly columns = $derived(new Map((this.page?.days ?? []).map(({ date }, column) => [date, column])));
  readonly cover = $derived(new Map<string, CoverDay>((this.page?.cover ?? []).map((day) => [day.date, day])));

  #chain: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #turn = 0;
  #asking = false;
  #askAgain = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #movedAt = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Asks and listens until the answer is called. */
  start(): () => void {
    // Asking looks at the page, and must not begin anew with each that comes.
    untrack(() => void this.reload());
    const deaf = onChanged(() => this.#soon(this.page?.solving ? STEP : QUIET), "plan");
    return () => {
      deaf();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  person(row: number): PlanPerson | undefined {
    return this.page?.people[row];
  }

  date(column: number): string | undefined {
    return this.page?.days[column]?.date;
  }

  /** The shift at a place: the first, where a rule is broken and there are two. */
  shiftAt({ row, column }: Place): ShiftView | undefined {
    const [person, date] = [this.person(row), this.date(column)];
    return person && date ? this.shifts.get(at(person.id, date))?.[0] : undefined;
  }

  placeOf(person: string, date: string): Place | undefined {
    const [row, column] = [this.rows.get(person), this.columns.get(date)];
    return row === undefined || column === undefined ? undefined : { row, column };
  }

  async reload(): Promise<void> {
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    do {
      this.#askAgain = false;
      const mine = this.#turn;
      try {
        const page = await ask(commands.planPage(this.id, this.page?.solving === null ? this.page.version : null));
        if (page === null) continue;
        // A change made meanwhile is not in it: what is on the screen is newer.
        if (mine === this.#turn && this.#waiting === 0) this.#take(page);
        else this.#soon(QUIET);
      } catch (reason) {
        this.error = asApiError(reason);
      }
    } while (this.#askAgain);
    this.#asking = false;
  }

  #take(page: PlanPage): void {
    const ran = this.page?.solving != null;
    [this.#told, this.error, this.toldAt] = [page, null, Date.now()];
    if (!page.solving) return;
    const { cost, first_cost } = page.solving;
    const known = ran ? this.costs : [first_cost ?? 0];
    this.costs = [...known, cost ?? 0].slice(-400);
  }

  #soon(wait: number): void {
    if (this.#timer !== undefined && wait >= STEP && this.page?.solving) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const now = Date.now();
      if (now - this.#movedAt < STILL && now - this.toldAt < PATIENCE) this.#soon(STILL);
      else void this.reload();
    }, wait);
  }

  /** Somebody moves about in the plan: that comes first. */
  moved(): void {
    this.#movedAt = Date.now();
  }

  /** Changes the plan by hand, one change after another; none when the desk refused. */
  edit(edit: PlanEdit): Promise<PlanDelta | null> {
    this.#waiting += 1;
    const done = this.#chain.then(async () => {
      try {
        const delta = await ask(commands.editPlan(this.id, edit));
        this.#turn += 1;
        this.#apply(delta);
        return delta;
      } catch (reason) {
        toast({ text: errorWords(asApiError(reason)), look: "danger" });
        return null;
      } finally {
        this.#waiting -= 1;
        this.#soon(QUIET);
      }
    });
    this.#chain = done;
    return done;
  }

  #apply(delta: PlanDelta): void {
    const page = this.#told;
    if (!page) return;
    const gone = new Set([...delta.removed, ...delta.changed.map(({ id }) => id)]);
    const people = new Map(delta.people.map((one) => [one.id, one]));
    const cover = new Map(delta.cover.map((one) => [one.date, one]));
    this.#told = {
      ...page,
      plan: delta.plan,
      version: delta.version,
      shifts: [...page.shifts.filter(({ id }) => !gone.has(id)), ...delta.changed],
      people: delta.people.length === 0 ? page.people : page.people.map((one) => people.get(one.id) ?? one),
      cover: delta.cover.length === 0 ? page.cover : page.cover.map((one) => cover.get(one.date) ?? one),
      pinned_off: delta.pinned_off,
      meetings: delta.meetings,
      standing: delta.standing,
    };
    this.said = delta;
  }

  /** What each shift would do to a person's day, by template; none where the desk cannot tell. */
  async choices(person: string, date: string, line: string | null): Promise<Map<string, PlanChoice>> {
    try {
      const told = await ask(commands.planChoices(this.id, person, date, line));
      return new Map(told.map((one) => [one.template, one]));
    } catch {
      return new Map();
    }
  }

  async removeMeeting({ id, title }: MeetingView): Promise<void> {
    try {
      await ask(commands.removeMeeting(this.id, id));
      toast({ text: t("meeting-removed", { title }) });
    } catch (reason) {
      toast({ text: errorWords(asApiError(reason)), look: "danger" });
    }
    await this.reload();
  }

  async solve(seconds: number, from: string | null): Promise<void> {
    try {
      this.said = null;
      await ask(commands.solvePlan(this.id, seconds, from));
      await this.reload();
    } catch (reason) {
      toast({ text: errorWords(asApiError(reason)), look: "danger" });
    }
  }

  async stop(): Promise<void> {
    try {
      await ask(commands.stopSolving(this.id));
      await this.reload();
    } catch (reason) {
      toast({ text: errorWords(asApiError(reason)), look: "danger" });
    }
  }
}
