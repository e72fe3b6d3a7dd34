/* The load page's answers without a desk: a quarter of a believable shop, and as many rows as wanted. */
import { i18n } from "@/lib/i18n/index.svelte";
import type { CallDetail, CallRow, CallsRequest, CountRow, LoadRequest, LoadView } from "@/lib/ipc";
import type { Handlers } from "@/lib/ipc/mock";
import { OUTCOMES, REASONS } from "@/features/desk/double";
import { samplePeople, sampleWorld } from "@/features/desk/sample";

/** How busy an hour and a weekday are, Monday first. */
const HOURS = [0, 0, 0, 0, 0, 0, 0.02, 0.08, 0.34, 0.72, 0.95, 1, 0.88, 0.66, 0.78, 0.86, 0.9, 0.97, 0.82, 0.6, 0.31, 0.09, 0.02, 0];
const WEEKDAYS = [1, 0.92, 0.86, 0.84, 0.95, 0.52, 0.4];
const BUSIEST = 31;
const SHARES = [0.52, 0.11, 0.06, 0.07, 0.14, 0.03, 0.04, 0.02, 0.01];

/** Even noise without chance: pictures must not differ from one run to the next. */
function noise(seed: number): number {
  const wave = Math.sin(seed * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
}

function load({ request }: { request: LoadRequest }): LoadView {
  const days = (Date.parse(request.to) - Date.parse(request.from)) / 86_400_000 + 1;
  const weeks = days / 7;
  const means = WEEKDAYS.flatMap((day, weekday) =>
    HOURS.map((hour, at) => day * hour * BUSIEST * (0.86 + 0.28 * noise(weekday * 24 + at))),
  );
  const highest = Math.max(...means);
  const cells = means.map((mean, index) => {
    const calls = Math.round(mean * weeks);
    return {
      weekday: Math.floor(index / 24),
      hour: index % 24,
      calls,
      mean: calls / weeks,
      level: calls === 0 ? 0 : Math.min(6, 1 + Math.floor((mean / highest) * 5.99)),
    };
  });
  const calls = cells.reduce((sum, cell) => sum + cell.calls, 0);
  const counted = (code: string, share: number): CountRow => ({ code, calls: Math.round(calls * share), share });
  const outcomes = OUTCOMES.map(({ code }, index) => counted(code, SHARES[index] ?? 0)).sort((a, b) => b.calls - a.calls);
  const reasons = REASONS.flatMap(({ code, subreasons }, first) =>
    subreasons.map((sub, second) => counted(`${code}/${sub}`, 0.45 / 2 ** (first * 0.9 + second * 1.1))),
  );
  return {
    zone: "Europe/Kyiv",
    first_day: "2026-08-24",
    last_day: request.to,
    calls,
    answered: Math.round(calls * 0.79),
    aht_s: 167.4,
    confirmed: (outcomes.find(({ code }) => code === "confirmed")?.calls ?? 0) + (outcomes.find(({ code }) => code === "confirmed_with_changes")?.calls ?? 0),
    cells,
    outcomes,
    reasons: reasons.sort((a, b) => b.calls - a.calls).slice(0, 12),
  };
}

const worlds = new Map<string, ReturnType<typeof sampleWorld>>();

function world(): ReturnType<typeof sampleWorld> {
  const known = worlds.get(i18n.language) ?? sampleWorld(i18n.language);
  worlds.set(i18n.language, known);
  return known;
}

function row(index: number, request: CallsRequest): CallRow {
  const task = world().queue[index % 100];
  const outcome = request.outcome ?? OUTCOMES[[0, 0, 4, 0, 1, 3, 0, 2, 0, 4, 7][index % 11] ?? 0]?.code ?? "";
  const spoken = !["no_answer", "busy", "voicemail"].includes(outcome);
  const talk = spoken ? 40 + Math.floor(noise(index) * 180) : 0;
  return {
    call: `call-${index}`,
    started_at: new Date(Date.parse(`${request.to}T16:40:00Z`) - index * 97_000).toISOString(),
    person_name: samplePeople(i18n.language)[index % 3] ?? "",
    order_number: String(10_480 - (index % 9_000)),
    customer_name: task?.customer_name ?? "",
    phone_masked: task?.phone_masked ?? "",
    outcome,
    reason: spoken ? (request.reason ?? "order") : "",
    subreason: spoken ? (request.subreason ?? "confirmation") : "",
    talk_s: talk,
    handle_s: talk + 22 + (index % 17),
    comment: "",
  };
}

function total(request: CallsRequest): number {
  const view = load({ request });
  if (request.weekday !== null || request.hour !== null) {
    return view.cells
      .filter((cell) => (request.weekday ?? cell.weekday) === cell.weekday && (request.hour ?? cell.hour) === cell.hour)
      .reduce((sum, cell) => sum + cell.calls, 0);
  }
  if (request.outcome !== null) return view.outcomes.find(({ code }) => code === request.outcome)?.calls ?? 0;
  if (request.reason !== null) {
    return view.reasons.find(({ code }) => code === `${request.reason}/${request.subreason}`)?.calls ?? 0;
  }
  return view.calls;
}

function detail({ call }: { call: string }): CallDetail {
  const card = world().card(1);
  const steps = world().steps(card);
  const today = new Date().toISOString().slice(0, 10);
  const known = row(Number(call.split("-")[1]), {
    shop: "", from: today, to: today, weekday: null, hour: null, outcome: "confirmed_with_changes", reason: "order", subreason: "change", offset: 0, limit: 1,
  });
  const at = (seconds: number): string => new Date(Date.parse(known.started_at) + seconds * 1000).toISOString();
  return {
    row: { ...known, comment: card.order.customer_note },
    states: [
      { state: "dialling", at: at(0) },
      { state: "ringing", at: at(3) },
      { state: "talking", at: at(14) },
      { state: "hold", at: at(62) },
      { state: "talking", at: at(81) },
      { state: "wrap_up", at: at(14 + known.talk_s + 30) },
      { state: "ready", at: at(14 + known.talk_s + 52) },
    ],
    script: `${card.script.title}, 3`,
    trail: steps.map((step, index) => ({ step: step.id, answer: step.answers[index]?.text ?? "" })),
    ticked: card.checklist.slice(0, 3).map(({ text }) => text),
    edits: [`${card.order.lines[2]?.name ?? ""}: 2 → 3`],
    operations: [
      { id: "o1", order_number: known.order_number, kind: "edit_lines", state: "done", tries: 1, not_before: null, error: null },
      { id: "o2", order_number: known.order_number, kind: "confirm", state: "done", tries: 1, not_before: null, error: null },
      { id: "o3", order_number: known.order_number, kind: "add_note", state: "doubt", tries: 1, not_before: null, error: { code: "shop-timed-out", args: {}, message: "" } },
    ],
  };
}

export const handlers: Handlers = {
  load,
  calls: ({ request }: { request: CallsRequest }) => {
    const all = total(request);
    const size = Math.max(0, Math.min(request.limit, all - request.offset));
    return { rows: Array.from({ length: size }, (_, index) => row(request.offset + index, request)), total: all };
  },
  call_detail: detail,
};
