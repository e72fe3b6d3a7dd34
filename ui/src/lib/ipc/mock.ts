/*
 * A desk without a desk: answers in memory, for tests, `npm run dev:mock` and pictures. Screens that another
 * feature owns bring their answers in `features/<name>/mock.ts`; nothing here is in the built program.
 */
import { mockIPC } from "@tauri-apps/api/mocks";
import { emit } from "@tauri-apps/api/event";
import { t } from "@/lib/i18n/index.svelte";
import type {
  ApiError,
  Changed,
  DeskView,
  ErrorCode,
  Language,
  NewCentre,
  NewPerson,
  OperationView,
  Permission,
  PersonView,
  Role,
  SessionView,
  ShopCheck,
  ShopInput,
  ShopView,
  StartPhase,
  StartView,
  Theme,
} from "./index";

export type Handler = (args: never) => unknown;
export type Handlers = Record<string, Handler>;

export interface Pretence {
  phase?: StartPhase;
  language?: Language;
  theme?: Theme;
  role?: Role;
  shops?: "none" | "sample" | "all";
}

export function refuse(code: ErrorCode, args: Record<string, string> = {}): never {
  const error: ApiError = { code, args, message: t(`error-${code}`, args) };
  throw error;
}

const OPERATOR: readonly Permission[] = ["work_queue", "edit_order", "see_phone", "see_own_calls", "see_own_shifts"];
const SUPERVISOR: readonly Permission[] = [
  ...OPERATOR,
  "see_reports",
  "plan_work",
  "reassign_task",
  "correct_result",
  "publish_script",
  "repair_outbox",
  "export_data",
];
const ADMIN: readonly Permission[] = [...SUPERVISOR, "manage_people", "manage_shops", "manage_store", "see_audit"];
const MAY = { operator: OPERATOR, supervisor: SUPERVISOR, admin: ADMIN };

const NAMES: Record<Language, readonly string[]> = {
  uk: ["Олена Шевченко", "Ігор Ґалаґан", "Марія Їжакевич", "Дмитро Яременко"],
  ru: ["Елена Соколова", "Игорь Мельников", "Мария Ежова", "Дмитрий Щукин"],
  pl: ["Anna Wójcik", "Łukasz Żółtowski", "Małgorzata Ścibor", "Paweł Gąsior"],
  en: ["Alex Taylor", "Grace Whitfield", "Owen Hartley", "Maya Lindqvist"],
};

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

function people(language: Language): PersonView[] {
  const [admin = "", first = "", second = "", third = ""] = NAMES[language];
  const person = (id: string, login: string, name: string, role: Role, active = true): PersonView => ({
    id,
    login,
    name,
    role,
    language,
    theme: "system",
    active,
  });
  return [
    person("p1", "admin", admin, "admin"),
    person("p2", "smith", first, "supervisor"),
    person("p3", "jones", second, "operator"),
    person("p4", "brown", third, "operator", false),
  ];
}

function shop(id: string, name: string, change: Partial<Omit<ShopView, "sync">> & { sync?: Partial<ShopView["sync"]> } = {}): ShopView {
  return {
    id,
    name,
    kind: "woocommerce",
    address: "https://shop.example.com",
    zone: "Europe/Kyiv",
    currency: "UAH",
    language: "uk",
    is_sample: false,
    ...change,
    sync: {
      phase: "idle",
      last_pull_at: minutesAgo(2),
      error: null,
      orders: 4218,
      products: 1930,
      tasks_open: 37,
      waiting: 0,
      in_doubt: 0,
      dead: 0,
      ...change.sync,
    },
  };
}

const SAMPLES: Record<Language, string> = {
  uk: "Побут-Центр",
  ru: "Дом Техники",
  pl: "Dom AGD",
  en: "Hearth & Home",
};

function sampleShop(language: Language): ShopView {
  return shop("sample", SAMPLES[language], {
    kind: null,
    address: "",
    is_sample: true,
    language,
    sync: { last_pull_at: null, orders: 8460, products: 10_000, tasks_open: 124 },
  });
}

function allShops(language: Language): ShopView[] {
  const unreachable: ApiError = { code: "shop-unreachable", args: {}, message: "" };
  const key: ApiError = { code: "shop-wrong-key", args: {}, message: "" };
  return [
    shop("s1", "Техношок", { address: "https://technoshock.example.ua" }),
    shop("s2", "AGD Serce", {
      kind: "vendure",
      address: "https://api.agdserce.example.pl",
      zone: "Europe/Warsaw",
      currency: "PLN",
      language: "pl",
      sync: { phase: "unreachable", error: unreachable, last_pull_at: minutesAgo(48), waiting: 3, in_doubt: 1, dead: 2, tasks_open: 12 },
    }),
    shop("s3", "Kettle & Co", {
      address: "https://kettleandco.example.com",
      zone: "Europe/London",
      currency: "GBP",
      language: "en",
      sync: { phase: "stopped", error: key, last_pull_at: minutesAgo(60 * 26), tasks_open: 0, orders: 312, products: 148 },
    }),
    sampleShop(language),
  ];
}

const OPERATIONS: OperationView[] = [
  { id: "o1", order_number: "10482", kind: "edit_lines", state: "dead", tries: 6, not_before: null, error: { code: "shop-refused", args: { detail: "stock of SKU KT-210 is 0" }, message: "" } },
  { id: "o2", order_number: "10482", kind: "confirm", state: "dead", tries: 0, not_before: null, error: null },
  { id: "o3", order_number: "10477", kind: "confirm", state: "doubt", tries: 1, not_before: minutesAgo(-1), error: { code: "shop-timed-out", args: {}, message: "" } },
  { id: "o4", order_number: "10490", kind: "add_note", state: "waiting", tries: 2, not_before: minutesAgo(-4), error: null },
  { id: "o5", order_number: "10491", kind: "cancel", state: "in_flight", tries: 1, not_before: null, error: null },
];

/** Puts the pretended desk in place of the real one; the answer tells what has been asked. */
export function pretend(wish: Pretence = fromAddress()): { calls: { command: string; args: unknown }[] } {
  const language = wish.language ?? "uk";
  const calls: { command: string; args: unknown }[] = [];
  const staff = people(language);
  let list = wish.shops === "none" ? [] : wish.shops === "sample" ? [sampleShop(language)] : allShops(language);
  let operations = OPERATIONS;
  let tries = 5;
  const state: { phase: StartPhase; me: PersonView } = {
    phase: wish.phase ?? "ready",
    me: { ...(staff[0] as PersonView), role: wish.role ?? "admin", theme: wish.theme ?? "system" },
  };

  const told = (what: Changed): void => void emit("changed", what);
  const session = (): SessionView => ({
    person: state.me,
    permissions: [...MAY[state.me.role]],
    idle_lock_minutes: 5,
    has_shops: list.length > 0,
  });
  const enter = (password: string): SessionView => {
    if (password === "wrong") {
      tries -= 1;
      if (tries <= 0) refuse("locked-out", { minutes: "1" });
      refuse("sign-in-wrong", { left: String(tries) });
    }
    state.phase = "ready";
    tries = 5;
    return session();
  };

  const handlers: Handlers = {
    start: (): StartView => ({
      phase: state.phase,
      language,
      last_login: state.phase === "fresh" ? "" : "admin",
      keyring: true,
      session: state.phase === "ready" || state.phase === "locked" ? session() : null,
      version: "0.1.0",
    }),
    create_centre: ({ centre }: { centre: NewCentre }) => {
      if (centre.password.length < 8) refuse("password-short", { least: "8" });
      state.me = { ...state.me, name: centre.name, login: centre.login, language: centre.language };
      state.phase = "ready";
      list = [];
      return { code: "K7QF-2MXD-9RTA-VW4H-6PNE-B3YC-J8SG-T5LU" };
    },
    sign_in: ({ password }: { password: string }) => enter(password),
    unlock: ({ password }: { password: string }) => enter(password),
    recover: ({ code }: { code: string }) => (code.length < 8 ? refuse("recovery-wrong") : enter("")),
    sign_out: () => {
      state.phase = "sign_in";
      return null;
    },
    lock: () => {
      state.phase = "locked";
      return null;
    },
    set_preferences: (chosen: { language: Language; theme: Theme }) => {
      state.me = { ...state.me, ...chosen };
      return session();
    },
    change_password: ({ old }: { old: string }) => (old === "wrong" ? refuse("sign-in-wrong", { left: "4" }) : null),
    people: () => staff,
    add_person: ({ person }: { person: NewPerson }) => {
      if (staff.some(({ login }) => login === person.login)) refuse("login-taken");
      const { password: _, ...rest } = person;
      const made: PersonView = { ...rest, id: `p${staff.length + 1}`, theme: "system", active: true };
      staff.push(made);
      return made;
    },
    set_person: ({ id, role, active }: { id: string; role: Role; active: boolean }) => {
      const at = staff.findIndex((person) => person.id === id);
      const known = staff[at];
      if (!known) refuse("not-found");
      if (known.role === "admin" && (role !== "admin" || !active)) refuse("last-admin");
      staff[at] = { ...known, role, active };
      return staff[at];
    },
    reset_password: () => null,
    renew_recovery_code: () => ({ code: "M4TD-8KQZ-W2HA-5RXN-C9VE-P7JB-3GYL-F6SU" }),
    back_up: () => "~/Dzvinok-backup",
    check_shop: ({ shop: input }: { shop: ShopInput }): ShopCheck => {
      if (input.address.startsWith("http:") && !input.allow_http) refuse("shop-no-tls");
      if (/localhost|127\.|192\.168/.test(input.address) && !input.allow_private) refuse("shop-private-address");
      if (input.secret === "wrong") refuse("shop-wrong-key");
      if (input.secret === "readonly") refuse("shop-no-write-right");
      if (input.address.includes("blog")) refuse("shop-not-a-shop");
      return {
        name: "Техношок",
        software: { woocommerce: "WooCommerce 10.2", vendure: "Vendure 3.7", shopify: "Shopify 2026-07", retailcrm: "retailCRM 5", base: "Base.com" }[input.kind],
        currency: "UAH",
        zone: "Europe/Kyiv",
        capabilities: {
          edit_lines: true,
          private_notes: true,
          confirm_status: true,
          confirm_fields: false,
          cancel: input.kind === "woocommerce",
          conditional_write: false,
          coupons: true,
          refunds: input.kind !== "base",
          webhooks: true,
          pull: "changed_since",
          rate: { requests: 10, seconds: 1 },
        },
      };
    },
    connect_shop: ({ shop: input }: { shop: ShopInput }) => {
      const made = shop("s9", input.name, {
        kind: input.kind,
        address: input.address,
        sync: { phase: "importing", last_pull_at: null, orders: 214, products: 0, tasks_open: 18 },
      });
      list = [...list, made];
      told("shops");
      return made;
    },
    make_sample: ({ language: chosen }: { language: Language }) => {
      if (list.some(({ is_sample }) => is_sample)) refuse("sample-exists");
      const made = sampleShop(chosen);
      list = [...list, made];
      told("shops");
      return made;
    },
    shops: () => list,
    sync_now: () => null,
    remove_shop: ({ shop: id, name }: { shop: string; name: string }) => {
      const known = list.find((one) => one.id === id);
      if (!known) refuse("not-found");
      if (!known.is_sample && known.name !== name) refuse("name-differs");
      list = list.filter((one) => one !== known);
      told("shops");
      return null;
    },
    operations: ({ shop: id }: { shop: string }) => (id === "s2" ? operations : []),
    retry_operation: ({ operation: id }: { operation: string }) => {
      operations = operations.map((one) => (one.id === id ? { ...one, state: "waiting", error: null } : one));
      return null;
    },
    desk: (): DeskView => ({
      state: "ready",
      since: minutesAgo(3),
      now: new Date().toISOString(),
      pause_reason: null,
      actions: ["next_task", "pause"],
      due: 8,
      waiting: 124,
      unreachable: [],
      saved_today: 23,
      card: null,
      undo: null,
      notice: null,
    }),
  };

  const brought = import.meta.glob<{ handlers: Handlers }>("../../features/*/mock.ts", { eager: true });
  for (const module of Object.values(brought)) Object.assign(handlers, module.handlers);

  mockIPC(
    (command, args) => {
      calls.push({ command, args });
      const handler = handlers[command];
      if (!handler) throw new Error(`No answer pretended for ${command}`);
      return handler(args as never);
    },
    { shouldMockEvents: true },
  );
  return { calls };
}

/** `?phase=locked&language=pl&theme=dark&role=operator&shops=none`. */
function fromAddress(): Pretence {
  return Object.fromEntries(new URLSearchParams(window.location.search)) as Pretence;
}
