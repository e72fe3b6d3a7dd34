// One thing after another: what is being done, and what it was refused with.
import { errorWords } from "@/lib/errors";
import { asApiError } from "@/lib/ipc";
import { toast } from "@/lib/toasts.svelte";

/** Does it and says so; a refusal is said too. True when it was done. */
export async function does(work: () => Promise<unknown>, said: string): Promise<boolean> {
  try {
    await work();
    toast({ text: said, look: "success" });
    return true;
  } catch (reason) {
    toast({ text: errorWords(asApiError(reason)), look: "danger", for: 9000 });
    return false;
  }
}
