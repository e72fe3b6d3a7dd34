import { has, t } from "@/lib/i18n/index.svelte";
import type { ApiError } from "@/lib/ipc";

/**
 * The words of an error in the language on the screen, which may have been switched since the desk
 * spoke; for a code that has no words here, those that the desk gave.
 */
export function errorWords(error: ApiError): string {
  const key = `error-${error.code}`;
  return has(key) ? t(key, error.args) : error.message;
}
