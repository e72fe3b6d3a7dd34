/* The exchange without a desk: `?sync=empty`, `?sync=quiet`, `?sync=failing` begin there. */
import { emit } from "@tauri-apps/api/event";
import { i18n } from "@/lib/i18n/index.svelte";
import type {
  ApiError,
  DeadLetter,
  KindView,
  Language,
  LetterChoice,
  ShopCheck,
  StatusTable,
  StatusTableView,
  SyncPage,
  SyncRow,
} from "@/lib/ipc";
import { refuse, type Handlers } from "@/lib/ipc/mock";

type Words = Record<Language, string>;
const say = (words: Words): string => words[i18n.language];
const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const fault = (code: ApiError["code"], args: Record<string, string> = {}): ApiError => ({ code, args, message: "" });

function row(id: string, name: string, change: Partial<SyncRow> = {}): SyncRow {
  const last = change.last_pull_at === undefined ? at(-0.4) : change.last_pull_at;
  return {
    id,
    name,
    kind: "woocommerce",
    phase: "idle",
    error: null,
    lag_s: last ? Math.round((Date.now() - Date.parse(last)) / 1000) : null,
    streams: (["orders", "products", "customers"] as const).map((stream) => ({ stream, last_success_at: last, error: null })),
    waiting: 0,
    oldest_at: null,
    in_flight: 0,
    in_doubt: 0,
    dead: 0,
    conflicts: 0,
    next_try_at: at(0.6),
    breaker_open_until: null,
    actions: ["pull_now", "decide", "rekey", "set_statuses"],
    ...change,
    last_pull_at: last,
  };
}

function letters(): DeadLetter[] {
  const stock: Words = {
    uk: "Чайник KT-210: 2 → 3 шт.",
    ru: "Чайник KT-210: 2 → 3 шт.",
    pl: "Czajnik KT-210: 2 → 3 szt.",
    en: "Kettle KT-210: 2 → 3 pcs",
  };
  return [
    {
      op: "c1",
      order_number: "10482",
      customer_name: "Małgorzata Ścibor",
      call: "call-1",
      kind: "edit_lines",
      what: say(stock),
      tries: 1,
      error: fault("shop-conflict", { detail: "KT-210" }),
      since: at(-26),
      behind: 2,
      conflict: {
        clashes: [
          {
            label: say({ uk: "Чайник KT-210, штук", ru: "Чайник KT-210, штук", pl: "Czajnik KT-210, sztuk", en: "Kettle KT-210, pieces" }),
            base: "2",
            ours: "3",
            theirs: "1",
          },
          {
            label: say({ uk: "Фільтр для води", ru: "Фильтр для воды", pl: "Filtr do wody", en: "Water filter" }),
            base: null,
            ours: "1",
            theirs: "2",
          },
        ],
        ours_by: "Grace Whitfield",
        ours_at: at(-31),
        theirs_by: null,
        theirs_at: at(-29),
      },
      choices: ["ours", "theirs"],
    },
    {
      op: "d1",
      order_number: "10477",
      customer_name: "Łukasz Żółtowski",
      call: "call-2",
      kind: "edit_lines",
      what: say(stock),
      tries: 8,
      error: fault("shop-refused", { detail: "stock of SKU KT-210 is 0" }),
      since: at(-180),
      behind: 1,
      conflict: null,
      choices: ["retry", "drop"],
    },
    {
      op: "d2",
      order_number: "10390",
      customer_name: "Paweł Gąsior",
      call: null,
      kind: "add_note",
      what: say({
        uk: "Телефонувати після 18:00, домофон не працює.",
        ru: "Звонить после 18:00, домофон не работает.",
        pl: "Dzwonić po 18:00, domofon nie działa.",
        en: "Call after 18:00, the entry phone does not work.",
      }),
      tries: 1,
      error: fault("shop-order-gone"),
      since: at(-60 * 30),
      behind: 0,
      conflict: null,
      choices: ["retry", "drop"],
    },
  ];
}

function statuses(): StatusTable {
  const status = (word: string, name: Words, stage: StatusTable["statuses"][number]["stage"]): StatusTable["statuses"][number] => ({
    word,
    name: say(name),
    stage,
  });
  const same = (name: string): Words => ({ uk: name, ru: name, pl: name, en: name });
  return {
    statuses: [
      status("pending", { uk: "Очікує оплати", ru: "Ожидает оплаты", pl: "Oczekuje na płatność", en: "Pending payment" }, "new"),
      status("on-hold", { uk: "На утриманні", ru: "На удержании", pl: "Wstrzymane (oczekujące na płatność)", en: "On hold" }, "new"),
      status("processing", { uk: "Обробляється", ru: "Обработка", pl: "W trakcie realizacji", en: "Processing" }, "confirmed"),
      status("completed", { uk: "Виконано", ru: "Выполнен", pl: "Zrealizowane", en: "Completed" }, "fulfilled"),
      status("cancelled", { uk: "Скасовано", ru: "Отменён", pl: "Anulowane", en: "Cancelled" }, "cancelled"),
      status("refunded", { uk: "Кошти повернено", ru: "Возвращён", pl: "Zwrócone", en: "Refunded" }, "cancelled"),
      status("failed", { uk: "Не вдалося", ru: "Не удался", pl: "Nieudane", en: "Failed" }, "other"),
      status("parcel-locker", same("Paczkomat"), "confirmed"),
    ],
    transitions: [
      { from: "pending", to: "processing", least: "operator" },
      { from: "pending", to: "cancelled", least: "operator" },
      { from: "on-hold", to: "processing", least: "operator" },
      { from: "on-hold", to: "cancelled", least: "operator" },
      { from: "processing", to: "cancelled", least: "supervisor" },
      { from: "processing", to: "parcel-locker", least: "operator" },
      { from: "completed", to: "refunded", least: "admin" },
    ],
    confirmed: "processing",
    cancelled: "cancelled",
  };
}

/** Made when first asked for: by then the language is chosen. */
let left: DeadLetter[] | null = null;
const waiting = (): DeadLetter[] => (left ??= letters());
let set: StatusTable | null = null;
let scene = "";

/** Begins anew; the scene is one of those in the address. */
export function begin(wish = new URLSearchParams(window.location.search).get("sync") ?? ""): void {
  left = null;
  set = null;
  scene = wish;
}

/** Takes one away, as when someone decides it at another desk. */
export function settle(op: string): void {
  left = waiting().filter((letter) => letter.op !== op);
}

function page(): SyncPage {
  const conflicts = waiting().filter(({ conflict }) => conflict !== null).length;
  const rows = [
    row("s2", "AGD Serce", {
      kind: "vendure",
      phase: "unreachable",
      error: fault("shop-unreachable"),
      last_pull_at: at(-48.5),
      waiting: 3,
      oldest_at: at(-46),
      in_flight: 0,
      in_doubt: 1,
      dead: waiting().length - conflicts,
      conflicts,
      next_try_at: at(2.4),
      breaker_open_until: at(2.4),
    }),
    row("s3", "Kettle & Co", {
      kind: "shopify",
      phase: "stopped",
      error: fault("shop-wrong-key"),
      last_pull_at: at(-60 * 26),
      next_try_at: null,
    }),
    row("s1", "Техношок", { waiting: 2, in_flight: 1, oldest_at: at(-0.2), phase: "working" }),
    row("sample", say({ uk: "Побут-Центр", ru: "Дом Техники", pl: "Dom AGD", en: "Hearth & Home" }), {
      kind: null,
      last_pull_at: null,
      streams: [],
      next_try_at: null,
      actions: [],
    }),
  ];
  const shown = { empty: [], quiet: rows.slice(2) }[scene] ?? rows;
  return { now: new Date().toISOString(), shops: shown };
}

const table = (shop: string): StatusTableView => ({
  shop,
  shop_name: "",
  table: set ?? statuses(),
  is_set: set !== null,
  offered: statuses(),
  problems: faults(set ?? statuses()),
});

function faults(asked: StatusTable): ApiError[] {
  const to = asked.confirmed;
  const open = asked.statuses.filter(({ stage }) => stage === "new");
  const reached = open.some(({ word }) => asked.transitions.some((step) => step.from === word && step.to === to));
  return to && open.length > 0 && !reached ? [fault("status-target-out-of-reach", { to })] : [];
}

const KINDS: KindView[] = [
  { kind: "woocommerce", user: "consumer_key", secret: "consumer_secret", address: "" },
  { kind: "vendure", user: "user_name", secret: "password", address: "" },
  { kind: "shopify", user: null, secret: "token", address: "" },
  { kind: "retailcrm", user: null, secret: "api_key", address: "" },
  { kind: "base", user: null, secret: "token", address: "https://api.baselinker.com" },
];

begin();

export const handlers: Handlers = {
  sync_page: (): SyncPage => (scene === "failing" ? refuse("store-failed", { detail: "disk I/O error" }) : page()),
  shop_trouble: ({ shop }: { shop: string }) => (shop === "s2" ? waiting() : []),
  resolve_letter: ({ op, choice }: { op: string; choice: LetterChoice }) => {
    if (scene === "moved" && choice === "ours") refuse("conflict-moved");
    settle(op);
    void emit("changed", "shops");
    return waiting();
  },
  status_table: ({ shop }: { shop: string }) => table(shop),
  refresh_statuses: ({ shop }: { shop: string }) => table(shop),
  check_status_table: ({ table: asked }: { table: StatusTable }) => faults(asked),
  set_status_table: ({ shop, table: asked }: { shop: string; table: StatusTable | null }) => {
    const [first] = asked ? faults(asked) : [];
    if (first) refuse(first.code, first.args);
    set = asked;
    return table(shop);
  },
  shop_kinds: () => KINDS,
  rekey_shop: ({ secret }: { secret: string }): ShopCheck | undefined => {
    if (secret === "wrong") refuse("shop-wrong-key");
    return undefined;
  },
};
