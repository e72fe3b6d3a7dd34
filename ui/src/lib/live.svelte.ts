/* What the desk told last, asked again whenever it says that something has changed. */
import { untrack } from "svelte";
import { asApiError, onChanged, type ApiError, type Changed } from "@/lib/ipc";

export interface Live<T> {
  /** The last good answer: kept while a newer one is on its way or has failed. */
  readonly data: T | undefined;
  readonly error: ApiError | null;
  readonly loading: boolean;
  reload: () => Promise<void>;
  set: (data: T) => void;
}

/** Call while a component is being made: it stops with the component. What `fetch` reads is followed. */
export function live<T>(fetch: () => Promise<T>, ...kinds: Changed[]): Live<T> {
  let data = $state.raw<T>();
  let error = $state.raw<ApiError | null>(null);
  let loading = $state(true);
  let latest = 0;

  async function take(answer: Promise<T>): Promise<void> {
    latest += 1;
    const mine = latest;
    loading = true;
    try {
      const told = await answer;
      // An older question may be answered after a newer one.
      if (mine === latest) [data, error] = [told, null];
    } catch (reason) {
      if (mine === latest) error = asApiError(reason);
    } finally {
      if (mine === latest) loading = false;
    }
  }
  const reload = (): Promise<void> => take(fetch());

  $effect(() => {
    const answer = fetch();
    untrack(() => void take(answer));
  });
  $effect(() => (kinds.length > 0 ? onChanged(() => void reload(), ...kinds) : undefined));

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    reload,
    set(told: T) {
      latest += 1;
      [data, error, loading] = [told, null, false];
    },
  };
}
