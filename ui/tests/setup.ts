import { afterEach } from "vitest";
import { cleanup } from "@testing-library/svelte";
import { clearMocks } from "@tauri-apps/api/mocks";
import { i18n } from "@/lib/i18n/index.svelte";

/* What jsdom leaves out and the window's engine has. */
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};
Element.prototype.scrollIntoView ??= () => undefined;
// It only complains where there is nothing to paint on.
HTMLCanvasElement.prototype.getContext = () => null;
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

// Tests speak any language at once.
await i18n.fetchAll();

afterEach(async () => {
  cleanup();
  // What was being listened for is let go of while there is still a desk to tell.
  await new Promise((turned) => setImmediate(turned));
  clearMocks();
  window.location.hash = "";
});
