/* Words in four languages, switched at once: Fluent messages from ui/locales, shared with the Rust side. */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { Language } from "@/lib/ipc";

export type Args = Record<string, FluentVariable>;

/** In the order in which they are offered, each in its own name. */
export const LANGUAGES: readonly { code: Language; name: string }[] = [
  { code: "uk", name: "Українська" },
  { code: "pl", name: "Polski" },
  { code: "ru", name: "Русский" },
  { code: "en", name: "English" },
];

/** Each language comes by itself: the first page waits for one only. */
const SOURCES: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  uk: () => import("./words/uk"),
  ru: () => import("./words/ru"),
  pl: () => import("./words/pl"),
  en: () => import("./words/en"),
};

/** The tag that dates, numbers and plurals follow. */
const TAGS: Record<Language, string> = { uk: "uk-UA", ru: "ru-UA", pl: "pl-PL", en: "en-GB" };

const bundles = new Map<Language, FluentBundle>();

async function fetchWords(language: Language): Promise<void> {
  if (bundles.has(language)) return;
  const { default: sources } = await SOURCES[language]();
  // No isolation marks: all four are written left to right, and the marks would be copied with the text.
  const made = new FluentBundle(TAGS[language], { useIsolating: false });
  for (const source of Object.values(sources)) made.addResource(new FluentResource(source));
  bundles.set(language, made);
}

const chosen = $state({ language: guess() });
let wished: Language = chosen.language;

/** The system's language if it is one of ours. */
function guess(): Language {
  const tag = typeof navigator === "undefined" ? "uk" : navigator.language.slice(0, 2);
  return LANGUAGES.find(({ code }) => code === tag)?.code ?? "uk";
}

export const i18n = {
  get language(): Language {
    return chosen.language;
  },
  /** For `Intl`. */
  get tag(): string {
    return TAGS[chosen.language];
  },
  /** Switches at once where the words are at hand, else as soon as they are; the latest wish wins. */
  async use(language: Language): Promise<void> {
    wished = language;
    if (!bundles.has(language)) await fetchWords(language);
    if (wished === language) {
      chosen.language = language;
      document.documentElement.lang = language;
    }
  },
  /** Has the other languages at hand too, so that none has to be waited for. */
  async fetchAll(): Promise<void> {
    await Promise.all(LANGUAGES.map(({ code }) => fetchWords(code)));
  },
};

function words(language: Language, key: string, args: Args | undefined): string | undefined {
  const bundle = bundles.get(language);
  const pattern = bundle?.getMessage(key)?.value;
  if (!bundle || !pattern) return undefined;
  const errors: Error[] = [];
  const text = bundle.formatPattern(pattern, args, errors);
  if (errors[0] && import.meta.env.DEV) throw new Error(`${language}/${key}: ${errors[0].message}`);
  return text;
}

/** The message in the language at hand. A missing key throws while developing and reads English for people. */
export function t(key: string, args?: Args): string {
  const text = words(chosen.language, key, args);
  if (text !== undefined) return text;
  if (import.meta.env.DEV) throw new Error(`No message "${key}" in ${chosen.language}`);
  return words("en", key, args) ?? key;
}

/** Whether there is such a message: for codes that a shop or a newer desk may bring. */
export function has(key: string): boolean {
  return bundles.get(chosen.language)?.hasMessage(key) ?? false;
}

/** The message of a code, or the code itself when nobody has worded it. */
export function named(family: string, code: string): string {
  const key = `${family}-${code}`;
  return has(key) ? t(key) : code;
}
