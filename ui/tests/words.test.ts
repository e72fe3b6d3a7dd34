/* The four languages say the same things: no key missing, none unused, the same variables, right plurals. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentParser, Visitor, type Entry, type Message, type SelectExpression, type VariableReference } from "@fluent/syntax";
import { describe, expect, it } from "vitest";

const UI = join(import.meta.dirname, "..");
const CRATES = join(UI, "..", "src-tauri", "crates");
const LANGUAGES = ["uk", "ru", "pl", "en"] as const;

function files(folder: string, ends: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ends.test(name))
    .map((name) => join(folder, name));
}

const read = (...path: string[]): string => readFileSync(join(...path), "utf8");
const isMessage = (entry: Entry): entry is Message => entry.type === "Message";

function messages(language: string): Map<string, Message> {
  const found = new Map<string, Message>();
  for (const file of files(join(UI, "locales", language), /\.ftl$/)) {
    const resource = new FluentParser({ withSpans: false }).parse(read(file));
    for (const entry of resource.body) {
      expect(entry.type, `${file}: ${entry.type === "Junk" ? entry.content : ""}`).not.toBe("Junk");
      if (!isMessage(entry)) continue;
      expect(found.has(entry.id.name), `${language}: "${entry.id.name}" stands twice`).toBe(false);
      found.set(entry.id.name, entry);
    }
  }
  return found;
}

const all = new Map(LANGUAGES.map((language) => [language as string, messages(language)]));
const english = all.get("en") ?? new Map<string, Message>();

/* Codes are read where they are born, so that a new one without words fails here. */
const kebab = (name: string): string => name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
const snake = (name: string): string => kebab(name).replaceAll("-", "_");

function variants(source: string, name: string): string[] {
  const body = new RegExp(`pub enum ${name} \\{([^]*?)\\n\\}`).exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {4}(\w+)[,({ ]/gm)].map((match) => match[1] ?? "");
}

function families(): string[] {
  const error = read(CRATES, "app/src/error.rs");
  const view = read(CRATES, "app/src/view.rs");
  const forecast = read(CRATES, "app/src/view/forecast.rs");
  const plan = read(CRATES, "app/src/view/plan.rs");
  const role = read(CRATES, "rules/src/role.rs");
  const operation = read(CRATES, "rules/src/operation.rs");
  const order = read(CRATES, "rules/src/order.rs");
  const kinds = variants(read(CRATES, "shops/src/lib.rs"), "ShopKind").map(snake);
  const disposition = read(CRATES, "rules/src/disposition.rs").split("#[cfg(test)]")[0] ?? "";
  const outcomes = disposition.slice(disposition.indexOf("pub const OUTCOMES"), disposition.indexOf("pub struct Reason"));
  const reasons = disposition.slice(disposition.indexOf("pub const REASONS"));
  const strings = (text: string): string[] => [...text.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "");
  const keys = [
    ...variants(error, "ErrorCode").map((code) => `error-${kebab(code)}`),
    ...variants(view, "DeskState").map((state) => `state-${snake(state)}`),
    ...variants(view, "PauseReason").map((reason) => `pause-${snake(reason)}`),
    ...variants(view, "SyncPhase").map((phase) => `sync-${snake(phase)}`),
    ...variants(view, "Theme").map((theme) => `theme-${snake(theme)}`),
    ...variants(role, "Role").map((name) => `role-${snake(name)}`),
    ...variants(role, "Role").map((name) => `role-hint-${snake(name)}`),
    ...strings(/fn kind\(&self\)[^]*?\n {4}\}/.exec(operation)?.[0] ?? "").map((kind) => `operation-${kind}`),
    ...["waiting", "in_flight", "doubt", "done", "dead", "undone"].map((state) => `operation-state-${state}`),
    ...variants(view, "StreamKind").map((stream) => `stream-${snake(stream)}`),
    ...variants(view, "LetterChoice").flatMap((choice) =>
      ["letter-choice", "letter-hint", "letter-do", "letter-done"].map((family) => `${family}-${snake(choice)}`),
    ),
    ...variants(forecast, "WorkChannel").map((channel) => `forecast-channel-${snake(channel)}`),
    ...variants(forecast, "HeatKind").flatMap((kind) => [`forecast-heat-${snake(kind)}`, `forecast-heat-about-${snake(kind)}`]),
    ...variants(forecast, "ForecastWhy").map((why) => `forecast-why-${snake(why)}`),
    ...variants(forecast, "ImportFaultKind").map((fault) => `forecast-fault-${snake(fault)}`),
    ...variants(forecast, "SpecialKind").map((kind) => `forecast-special-${snake(kind)}`),
    ...variants(forecast, "AlarmKind").map((kind) => `forecast-alarm-${snake(kind)}`),
    ...variants(forecast, "ServiceLevelDefinition").flatMap((definition) =>
      ["staffing-definition", "staffing-definition-hint"].map((family) => `${family}-${snake(definition)}`),
    ),
    ...variants(forecast, "ShrinkageKind").map((kind) => `staffing-shrinkage-${snake(kind)}`),
    ...variants(forecast, "StaffingBound").map((bound) => `staffing-bound-${snake(bound)}`),
    ...variants(read(CRATES, "forecast/src/method.rs"), "Method").map((method) => `forecast-method-${snake(method)}`),
    ...["days", "special", "outliers", "overrides", "snapshots", "imports"].map((list) => `forecast-list-${list}`),
    ...["staffing", "intervals"].map((list) => `forecast-day-${list}`),
    ...["ours", "theirs"].map((side) => `clash-${side}`),
    ...["conflicts", "dead", "queue"].map((list) => `sync-list-${list}`),
    ...["conflicts", "dead"].flatMap((list) => [`sync-empty-${list}`, `sync-empty-${list}-text`]),
    ...variants(plan, "RuleKind").flatMap((rule) => [`rule-broken-${snake(rule)}`, `obstacle-${snake(rule)}`]),
    ...variants(plan, "MeetingKind").map((kind) => `meeting-kind-${snake(kind)}`),
    ...variants(plan, "CostKind").map((kind) => `cost-${snake(kind)}`),
    ...variants(plan, "LabourPreset").map((country) => `law-${snake(country)}`),
    ...variants(plan, "RequestKind").map((kind) => `request-${snake(kind)}`),
    ...variants(plan, "RequestState").map((state) => `request-state-${snake(state)}`),
    ...variants(plan, "RequestAction").flatMap((action) => [`request-do-${snake(action)}`, `request-done-${snake(action)}`]),
    ...variants(plan, "DayState").map((state) => `today-state-${snake(state)}`),
    ...variants(plan, "OfferKind").map((kind) => `offer-${snake(kind)}`),
    ...variants(order, "OrderStage").map((stage) => `stage-${snake(stage)}`),
    ...variants(role, "Role").map((name) => `status-least-${snake(name)}`),
    ...[...outcomes.matchAll(/code: "(\w+)"/g)].map((match) => `outcome-${match[1]}`),
    ...kinds.flatMap((kind) =>
      ["kind", "shop-kind-hint", "shop-address-hint", "shop-secret", "shop-where"].map((family) => `${family}-${kind}`),
    ),
    ...["woocommerce", "vendure"].map((kind) => `shop-user-${kind}`),
    ...["edit_lines", "private_notes", "cancel", "coupons", "refunds", "webhooks"].flatMap((ability) => [`ability-${ability}`, `ability-${ability}-not`]),
  ];
  const shownActions = ["put_back", "dial", "answered", "no_answer", "busy", "hold", "resume", "hang_up"];
  keys.push(...shownActions.map((action) => `action-${action}`));
  const quick = /QuickTime = \{ id: ([^;]+);/.exec(read(UI, "src/features/desk/time.ts"))?.[1] ?? "";
  keys.push(...[...quick.matchAll(/"([\w-]+)"/g)].map((match) => `desk-callback-${match[1]}`));
  for (const match of reasons.matchAll(/code: "(\w+)",\s*subreasons: &\[([^\]]*)\]/g)) {
    keys.push(`reason-${match[1]}`, ...strings(match[2] ?? "").map((code) => `subreason-${match[1]}-${code}`));
  }
  return keys;
}

const dynamic = families();

/* Whole literals that are keys, and templates such as `state-${code}` that must belong to a family. */
const sources = files(join(UI, "src"), /\.(svelte|ts)$/).filter((file) => !/\.test\.ts$|mock\.ts$/.test(file));
const code = sources.map((file) => read(file)).join("\n");
const literals = new Set([...code.matchAll(/["'`]([a-z][a-z0-9_-]*)["'`]/g)].map((match) => match[1] ?? ""));
const called = new Set([...code.matchAll(/\bt\(\s*["'`]([^"'`$]+)["'`]/g)].map((match) => match[1] ?? ""));
const templates = new Set(
  [...code.matchAll(/\bt\(\s*`([a-z_-]+-)\$\{/g), ...code.matchAll(/\bnamed\(\s*["'`]([a-z_-]+)["'`]/g)].map(
    (match) => (match[1] ?? "").replace(/-?$/, "-"),
  ),
);
/* Some words are said by the program's other half alone. */
const rust = files(join(UI, "..", "src-tauri"), /\.rs$/).map((file) => read(file)).join("\n");
const inRust = new Set([...rust.matchAll(/"([a-z][a-z0-9_-]*)"/g)].map((match) => match[1] ?? ""));

function variables(message: Message): string[] {
  const names = new Set<string>();
  class Variables extends Visitor {
    override visitVariableReference(node: VariableReference): void {
      names.add(node.id.name);
    }
  }
  new Variables().visit(message);
  return [...names].sort();
}

/** Every choice by plural category in a message: what it chooses by, and its variants. */
function plurals(message: Message): string[][] {
  const categories = new Set(["zero", "one", "two", "few", "many"]);
  const found: string[][] = [];
  class Plurals extends Visitor {
    override visitSelectExpression(node: SelectExpression): void {
      const names = node.variants.map(({ key }) => (key.type === "Identifier" ? key.name : ""));
      if (names.some((name) => categories.has(name))) found.push(names.filter((name) => name !== "").sort());
      this.genericVisit(node);
    }
  }
  new Plurals().visit(message);
  return found;
}

describe("words", () => {
  it("finds its families in the Rust sources", () => {
    for (const key of ["error-disk-full", "state-wrap_up", "role-admin", "outcome-confirmed", "subreason-order-change", "operation-confirm", "kind-retailcrm", "letter-do-ours", "stream-orders", "stage-new", "rule-broken-rest", "cost-under", "law-ua", "forecast-method-trimmed_mean12", "staffing-bound-service_level"]) {
      expect(dynamic, "an enum has moved and the scan must follow it").toContain(key);
    }
    expect(dynamic.length).toBeGreaterThan(120);
  });

  it.each(LANGUAGES)("%s has every key that is asked for", (language) => {
    const known = all.get(language) ?? new Map<string, Message>();
    const wanted = new Set([...called, ...dynamic]);
    expect([...wanted].filter((key) => !known.has(key)).sort(), "no words for these").toEqual([]);
  });

  it("asks by template only within declared families", () => {
    const loose = [...templates].filter((head) => !dynamic.some((key) => key.startsWith(head)));
    expect(loose, "declare the family in this test, so that its members are checked").toEqual([]);
  });

  it("has no key that nobody asks for", () => {
    const used = new Set([...literals, ...called, ...dynamic, ...inRust]);
    expect([...english.keys()].filter((key) => !used.has(key)).sort(), "take these out").toEqual([]);
  });

  it.each(LANGUAGES)("%s has the keys that English has, and the same variables", (language) => {
    const known = all.get(language) ?? new Map<string, Message>();
    expect([...known.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, message] of known) {
      const other = english.get(key);
      if (other) expect(variables(message), `${language}/${key}`).toEqual(variables(other));
    }
  });

  it.each(LANGUAGES)("%s has exactly the plural forms of its language", (language) => {
    const right = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    for (const [key, message] of all.get(language) ?? []) {
      for (const forms of plurals(message)) expect(forms, `${language}/${key}`).toEqual(right);
    }
  });
});
