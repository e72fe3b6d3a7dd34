/* Who sits at the desk, as the desk itself says. */
import { i18n } from "@/lib/i18n/index.svelte";
import {
  asApiError,
  ask,
  commands,
  type ApiError,
  type Language,
  type Permission,
  type SessionView,
  type StartPhase,
  type StartView,
  type Theme,
} from "@/lib/ipc";
import { applyTheme } from "@/lib/theme";

const now = $state<{ start: StartView | null; error: ApiError | null }>({ start: null, error: null });

function show(view: SessionView): Promise<void> {
  applyTheme(view.person.theme);
  return i18n.use(view.person.language);
}

export const session = {
  /** None until the desk has answered. */
  get phase(): StartPhase | null {
    return now.start?.phase ?? null;
  },
  get start(): StartView | null {
    return now.start;
  },
  get current(): SessionView | null {
    return now.start?.session ?? null;
  },
  /** What kept the desk from opening at all. */
  get error(): ApiError | null {
    return now.error;
  },
  may(permission: Permission): boolean {
    return now.start?.session?.permissions.includes(permission) ?? false;
  },
  /** Asks the desk how things stand; the first time it also sets the language. */
  async refresh(): Promise<void> {
    const first = now.start === null;
    try {
      const start = await ask(commands.start());
      if (start.session && start.phase !== "locked") await show(start.session);
      // Nobody has chosen yet on a first start: the system's language is the best guess.
      else if (first) await i18n.use(start.phase === "fresh" ? i18n.language : start.language);
      now.start = start;
      now.error = null;
    } catch (error) {
      if (first) await i18n.use(i18n.language);
      now.error = asApiError(error);
    }
  },
  /** Takes over what signing in or unlocking answered. */
  enter(view: SessionView): void {
    if (now.start) now.start = { ...now.start, phase: "ready", session: view, last_login: view.person.login };
    void show(view);
  },
  /** Locks the screen at once; the desk follows. */
  async lock(): Promise<void> {
    if (now.start?.phase !== "ready") return;
    now.start = { ...now.start, phase: "locked" };
    // The screen stays locked even if the desk cannot be told: unlocking asks it anyway.
    await commands.lock();
  },
  async signOut(): Promise<void> {
    await ask(commands.signOut());
    await session.refresh();
  },
  /** Shows the choice at once and keeps it with the account. */
  async prefer(language: Language, theme: Theme): Promise<void> {
    void i18n.use(language);
    applyTheme(theme);
    if (now.start?.phase === "ready") session.enter(await ask(commands.setPreferences(language, theme)));
  },
};
