/* The desk's answers without a desk: `?scene=talking` begins there. */
import { i18n } from "@/lib/i18n/index.svelte";
import type { Handlers } from "@/lib/ipc/mock";
import { DeskDouble } from "./double";
import { sampleWorld } from "./sample";

/** The steps that lead to a scene, as commands. */
type Step = [command: string, args: Record<string, unknown>];
const act = (action: string): Step => ["act", { action }];
const answer = (digit: number): Step => ["answer", { digit }];
const edit = (change: Record<string, unknown>): Step => ["edit_line", { edit: change }];
const draft = (outcome: string, reason = "", subreason = ""): Step => [
  "keep_draft",
  { draft: { outcome, reason, subreason, comment: "", callback_at: null } },
];

const CALL = [act("next_task"), act("dial"), act("answered")];
const SCENES: Record<string, Step[]> = {
  preview: [act("next_task")],
  dialling: [act("next_task"), act("dial")],
  talking: CALL,
  terms: [
    ...CALL,
    answer(1),
    edit({ change: "set_quantity", key: "line:4", quantity: 3 }),
    edit({ change: "set_quantity", key: "line:0", quantity: 0 }),
    edit({ change: "add", product: "product-2" }),
    ["tick", { point: "point-0", ticked: true }],
  ],
  hold: [...CALL, act("hold")],
  "wrap-up": [...CALL, answer(1), answer(1), act("hang_up")],
  missing: [...CALL, answer(1), act("hang_up"), draft("confirmed")],
  callback: [...CALL, answer(4), act("hang_up"), draft("callback", "order", "confirmation")],
  saved: [...CALL, answer(1), answer(1), act("hang_up"), ["save_result", { draft: { outcome: "confirmed", reason: "order", subreason: "confirmation", comment: "", callback_at: null }, takeNext: true }]],
  pause: [["pause", { reason: "lunch" }]],
  empty: [],
  unreachable: CALL,
};

let made: DeskDouble | null = null;

function desk(): DeskDouble {
  if (made) return made;
  const scene = new URLSearchParams(window.location.search).get("scene") ?? "";
  const world = sampleWorld(i18n.language);
  if (scene === "empty") {
    world.queue.splice(0, 10);
    for (const row of world.queue) row.is_due = false;
  }
  made = new DeskDouble(world);
  made.savedBefore = 23;
  if (scene === "unreachable") made.unreachable = ["AGD Serce"];
  made.since = Date.now() - 74_000;
  for (const [command, args] of SCENES[scene] ?? []) void made.hear(command, args);
  if (SCENES[scene]?.length) made.since = Date.now() - 47_000;
  return made;
}

const COMMANDS = [
  "desk",
  "queue",
  "take_task",
  "act",
  "pause",
  "answer",
  "step_back",
  "tick",
  "edit_line",
  "search_products",
  "keep_draft",
  "save_result",
  "undo_result",
];

export const handlers: Handlers = Object.fromEntries(
  COMMANDS.map((command) => [command, (args: Record<string, unknown>) => desk().hear(command, args ?? {})]),
);
