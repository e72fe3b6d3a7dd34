/* The border as the generated bindings will have it. */
import { invoke } from "@tauri-apps/api/core";

type Result<T> = { status: "ok"; data: T } | { status: "error"; error: ApiError };

async function typed<T>(call: Promise<T>): Promise<Result<T>> {
  try {
    return { status: "ok", data: await call };
  } catch (error) {
    return { status: "error", error: error as ApiError };
  }
}

export const commands = {
  start: () => typed(invoke<StartView>("start")),
  createCentre: (centre: NewCentre) => typed(invoke<RecoveryCodeView>("create_centre", { centre })),
  signIn: (login: string, password: string) => typed(invoke<SessionView>("sign_in", { login, password })),
  recover: (code: string, login: string, newPassword: string) => typed(invoke<SessionView>("recover", { code, login, newPassword })),
  signOut: () => typed(invoke<null>("sign_out")),
  lock: () => typed(invoke<null>("lock")),
  unlock: (password: string) => typed(invoke<SessionView>("unlock", { password })),
  setPreferences: (language: Language, theme: Theme) => typed(invoke<SessionView>("set_preferences", { language, theme })),
  changePassword: (old: string, next: string) => typed(invoke<null>("change_password", { old, new: next })),
  people: () => typed(invoke<PersonView[]>("people")),
  addPerson: (person: NewPerson) => typed(invoke<PersonView>("add_person", { person })),
  setPerson: (id: string, role: Role, active: boolean) => typed(invoke<PersonView>("set_person", { id, role, active })),
  resetPassword: (id: string, password: string) => typed(invoke<null>("reset_password", { id, password })),
  renewRecoveryCode: () => typed(invoke<RecoveryCodeView>("renew_recovery_code")),
  backUp: () => typed(invoke<string | null>("back_up")),
  checkShop: (shop: ShopInput) => typed(invoke<ShopCheck>("check_shop", { shop })),
  connectShop: (shop: ShopInput) => typed(invoke<ShopView>("connect_shop", { shop })),
  makeSample: (language: Language) => typed(invoke<ShopView>("make_sample", { language })),
  shops: () => typed(invoke<ShopView[]>("shops")),
  syncNow: (shop: string) => typed(invoke<null>("sync_now", { shop })),
  removeShop: (shop: string, name: string) => typed(invoke<null>("remove_shop", { shop, name })),
  operations: (shop: string) => typed(invoke<OperationView[]>("operations", { shop })),
  retryOperation: (shop: string, operation: string) => typed(invoke<null>("retry_operation", { shop, operation })),
  desk: () => typed(invoke<DeskView>("desk")),
  queue: (offset: number, limit: number) => typed(invoke<QueuePage>("queue", { offset, limit })),
  takeTask: (task: string) => typed(invoke<DeskView>("take_task", { task })),
  act: (action: DeskAction) => typed(invoke<DeskView>("act", { action })),
  pause: (reason: PauseReason) => typed(invoke<DeskView>("pause", { reason })),
  answer: (step: string, digit: number | null, words: string | null) => typed(invoke<DeskView>("answer", { step, digit, words })),
  stepBack: () => typed(invoke<DeskView>("step_back")),
  tick: (point: string, ticked: boolean) => typed(invoke<DeskView>("tick", { point, ticked })),
  editLine: (edit: LineEdit) => typed(invoke<DeskView>("edit_line", { edit })),
  searchProducts: (text: string) => typed(invoke<ProductView[]>("search_products", { text })),
  keepDraft: (draft: Draft) => typed(invoke<DeskView>("keep_draft", { draft })),
  saveResult: (draft: Draft, takeNext: boolean) => typed(invoke<DeskView>("save_result", { draft, takeNext })),
  undoResult: () => typed(invoke<DeskView>("undo_result")),
  load: (request: LoadRequest) => typed(invoke<LoadView>("load", { request })),
  calls: (request: CallsRequest) => typed(invoke<CallPage>("calls", { request })),
  callDetail: (shop: string, call: string) => typed(invoke<CallDetail>("call_detail", { shop, call })),
};

export type StartView = {
  phase: StartPhase;
  language: Language;
  last_login: string;
  keyring: boolean;
  session: SessionView | null;
  version: string;
};

export type SessionView = {
  person: PersonView;
  permissions: Permission[];
  idle_lock_minutes: number;
  has_shops: boolean;
};

export type PersonView = {
  id: string;
  login: string;
  name: string;
  role: Role;
  language: Language;
  theme: Theme;
  active: boolean;
};

export type NewCentre = {
  name: string;
  login: string;
  password: string;
  language: Language;
  zone: string;
};

export type NewPerson = {
  name: string;
  login: string;
  password: string;
  role: Role;
  language: Language;
};

export type RecoveryCodeView = {
  code: string;
};

export type ShopInput = {
  kind: ShopKind;
  name: string;
  address: string;
  user: string;
  secret: string;
  language: Language;
  zone: string;
  allow_http: boolean;
  allow_private: boolean;
  certificate_authority: string;
};

export type ShopCheck = {
  name: string;
  software: string;
  currency: string;
  zone: string | null;
  capabilities: Capabilities;
};

export type ShopView = {
  id: string;
  name: string;
  kind: ShopKind | null;
  address: string;
  zone: string;
  currency: string;
  language: Language;
  is_sample: boolean;
  sync: SyncView;
};

export type SyncView = {
  phase: SyncPhase;
  last_pull_at: string | null;
  error: ApiError | null;
  orders: number;
  products: number;
  tasks_open: number;
  waiting: number;
  in_doubt: number;
  dead: number;
};

export type OperationView = {
  id: string;
  order_number: string;
  kind: string;
  state: string;
  tries: number;
  not_before: string | null;
  error: ApiError | null;
};

export type QueuePage = {
  rows: QueueRow[];
  total: number;
  due: number;
};

export type QueueRow = {
  task: string;
  shop: string;
  shop_name: string;
  order_number: string;
  customer_name: string;
  phone_masked: string;
  total: Money;
  placed_at: string;
  due_at: string;
  is_due: boolean;
  attempts: number;
  promised: boolean;
};

export type DeskView = {
  state: DeskState;
  since: string;
  now: string;
  pause_reason: PauseReason | null;
  actions: DeskAction[];
  due: number;
  waiting: number;
  unreachable: string[];
  saved_today: number;
  card: CardView | null;
  undo: UndoView | null;
  notice: ApiError | null;
};

export type CardView = {
  task: string;
  call: string | null;
  shop: string;
  shop_name: string;
  shop_zone: string;
  attempts: number;
  customer_name: string;
  phone: string;
  phone_masked: boolean;
  order: OrderView;
  script: ScriptView;
  checklist: PointView[];
  draft: Draft;
  blockers: ApiError[];
  history: CallRow[];
  outcomes: OutcomeChoice[];
  reasons: ReasonChoice[];
};

export type OutcomeChoice = {
  code: string;
  needs_callback_time: boolean;
  needs_comment: boolean;
};

export type ReasonChoice = {
  code: string;
  subreasons: string[];
};

export type OrderView = {
  remote: string;
  number: string;
  placed_at: string;
  status: string;
  lines: LineView[];
  delivery_total: Money;
  total: Money;
  total_before: Money;
  delivery_address: string;
  delivery_method: string;
  payment_method: string;
  customer_note: string;
  can_edit: boolean;
};

export type LineView = {
  key: string;
  sku: string;
  name: string;
  quantity: number;
  quantity_before: number;
  unit_price: Money;
  total: Money;
};

export type ProductView = {
  remote: string;
  sku: string;
  name: string;
  price: Money;
  stock: number | null;
};

export type ScriptView = {
  title: string;
  version: number;
  step: StepView | null;
  trail: TrailView[];
};

export type StepView = {
  id: string;
  text: Segment[];
  answers: AnswerView[];
};

export type AnswerView = {
  digit: number;
  text: string;
};

export type TrailView = {
  step: string;
  answer: string;
};

export type PointView = {
  id: string;
  text: string;
  required: boolean;
  ticked: boolean;
};

export type Draft = {
  outcome: string;
  reason: string;
  subreason: string;
  comment: string;
  callback_at: string | null;
};

export type UndoView = {
  order_number: string;
  outcome: string;
  until: string;
};

export type LoadRequest = {
  shop: string;
  from: string;
  to: string;
};

export type LoadView = {
  zone: string;
  first_day: string | null;
  last_day: string | null;
  calls: number;
  answered: number;
  aht_s: number | null;
  confirmed: number;
  cells: LoadCell[];
  outcomes: CountRow[];
  reasons: CountRow[];
};

export type LoadCell = {
  weekday: number;
  hour: number;
  calls: number;
  mean: number;
  level: number;
};

export type CountRow = {
  code: string;
  calls: number;
  share: number;
};

export type CallsRequest = {
  shop: string;
  from: string;
  to: string;
  weekday: number | null;
  hour: number | null;
  outcome: string | null;
  reason: string | null;
  subreason: string | null;
  offset: number;
  limit: number;
};

export type CallPage = {
  rows: CallRow[];
  total: number;
};

export type CallRow = {
  call: string;
  started_at: string;
  person_name: string;
  order_number: string;
  customer_name: string;
  phone_masked: string;
  outcome: string;
  reason: string;
  subreason: string;
  talk_s: number;
  handle_s: number;
  comment: string;
};

export type CallDetail = {
  row: CallRow;
  states: StateMark[];
  script: string;
  trail: TrailView[];
  ticked: string[];
  edits: string[];
  operations: OperationView[];
};

export type StateMark = {
  state: DeskState;
  at: string;
};

export type Language =
  | "uk"
  | "ru"
  | "pl"
  | "en";

export type Theme =
  | "system"
  | "light"
  | "dark";

export type StartPhase =
  | "fresh"
  | "sign_in"
  | "locked"
  | "ready";

export type SyncPhase =
  | "idle"
  | "importing"
  | "working"
  | "unreachable"
  | "stopped";

export type DeskState =
  | "ready"
  | "preview"
  | "dialling"
  | "ringing"
  | "talking"
  | "hold"
  | "wrap_up"
  | "pause";

export type DeskAction =
  | "next_task"
  | "put_back"
  | "dial"
  | "answered"
  | "no_answer"
  | "busy"
  | "hold"
  | "resume"
  | "hang_up"
  | "work"
  | "save"
  | "pause"
  | "ready";

export type PauseReason =
  | "break"
  | "lunch"
  | "training"
  | "technical";

export type Changed =
  | "desk"
  | "shops"
  | "load"
  | "session";

export type ErrorCode =
  | "field-missing"
  | "field-invalid"
  | "password-short"
  | "login-taken"
  | "sign-in-wrong"
  | "locked-out"
  | "recovery-wrong"
  | "sign-in-needed"
  | "not-allowed"
  | "last-admin"
  | "store-too-new"
  | "store-unreadable"
  | "key-missing"
  | "disk-full"
  | "store-in-use"
  | "store-failed"
  | "queue-empty"
  | "task-taken"
  | "wrong-moment"
  | "call-open"
  | "outcome-missing"
  | "reason-missing"
  | "comment-missing"
  | "callback-missing"
  | "callback-past"
  | "checklist-open"
  | "talk-too-short"
  | "edits-need-confirmation"
  | "undo-too-late"
  | "number-invalid"
  | "no-phone-program"
  | "name-differs"
  | "sample-exists"
  | "script-faulty"
  | "not-found"
  | "shop-bad-address"
  | "shop-no-tls"
  | "shop-bad-certificate"
  | "shop-private-address"
  | "shop-wrong-key"
  | "shop-moved"
  | "shop-no-read-right"
  | "shop-no-write-right"
  | "shop-not-a-shop"
  | "shop-unreachable"
  | "shop-timed-out"
  | "shop-busy"
  | "shop-fault"
  | "shop-bad-reply"
  | "shop-order-gone"
  | "shop-refused"
  | "shop-conflict"
  | "shop-unsupported";

export type Role =
  | "operator"
  | "supervisor"
  | "admin";

export type Permission =
  | "work_queue"
  | "edit_order"
  | "see_phone"
  | "see_own_calls"
  | "see_reports"
  | "reassign_task"
  | "correct_result"
  | "publish_script"
  | "repair_outbox"
  | "export_data"
  | "manage_people"
  | "manage_shops"
  | "manage_store"
  | "see_audit";

export type ShopKind = "woocommerce" | "vendure";
export type Money = { minor: number; currency: string };
export type Capabilities = {
  edit_lines: boolean;
  private_notes: boolean;
  confirm_status: boolean;
  confirm_fields: boolean;
  cancel: boolean;
  conditional_write: boolean;
};
export type LineEdit =
  | { change: "set_quantity"; key: string; quantity: number }
  | { change: "add"; product: string };
export type Segment =
  | { kind: "text"; text: string }
  | { kind: "value"; text: string }
  | { kind: "missing"; text: string };
export type ApiError = { code: ErrorCode; args: { [key: string]: string }; message: string };
