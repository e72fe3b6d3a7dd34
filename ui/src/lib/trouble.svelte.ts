/* How many results wait for a person's decision, for a small figure beside the way there. */
import { ask, commands, onChanged } from "@/lib/ipc";

/** Nothing here is urgent: the desk's own work goes first. */
const REST = 20_000;
const FIRST = 3000;

const trouble = $state({ count: 0 });

export const waitingForDecision = {
  get count(): number {
    return trouble.count;
  },
};

/** Follows the exchange, seldom; the answer stops it. */
export function followTrouble(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const look = (): void => {
    timer = undefined;
    last = Date.now();
    void ask(commands.syncPage()).then(
      ({ shops }) => (trouble.count = shops.reduce((sum, { dead, conflicts }) => sum + dead + conflicts, 0)),
      // The page itself says why; a figure that is not known is not shown.
      () => (trouble.count = 0),
    );
  };
  const soon = (wait: number): void => {
    timer ??= setTimeout(look, wait);
  };
  soon(FIRST);
  const deaf = onChanged(() => soon(Math.max(500, REST - (Date.now() - last))), "shops");
  return () => {
    deaf();
    clearTimeout(timer);
    trouble.count = 0;
  };
}
