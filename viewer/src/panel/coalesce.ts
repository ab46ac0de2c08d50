// A slider may move faster than the server answers: one question at a time, and of what waits only the last.

/** Does the last thing that was asked, as soon as the one before is done. */
export class Coalesced<T> {
  readonly #act: (value: T, done: boolean) => Promise<unknown>;
  #next: { readonly value: T; readonly done: boolean } | null = null;
  #running = false;

  /** @param act does one thing; `done` says that the slider was let go. */
  constructor(act: (value: T, done: boolean) => Promise<unknown>) {
    this.#act = act;
  }

  push(value: T, done: boolean): void {
    this.#next = { value, done };
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#next !== null) {
        const { value, done } = this.#next;
        this.#next = null;
        await this.#act(value, done);
      }
    } finally {
      this.#running = false;
    }
  }
}
