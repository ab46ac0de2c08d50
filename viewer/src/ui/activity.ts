// Whether a figure is at rest: no request is open, nothing moves, no timer is pending and no frame is due.
//
// Timers, animation frames and promises of one figure all go through here. So its root element can say
// data-state="busy" or "rest", tests can wait for rest instead of for time, and closing the figure
// cancels whatever is still to come.

/** Something that will happen, unless it is cancelled. */
export interface Pending {
  cancel(): void;
}

/** The work of one figure that is under way. */
export class Activity {
  readonly #root: HTMLElement;
  readonly #closing = new AbortController();
  readonly #pending = new Set<Pending>();
  #open = 0;
  /** Counts beginnings: a figure is at rest when none came during a whole frame. */
  #begun = 0;
  #waiting: (() => void)[] = [];
  #settling: number | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    root.dataset.state = "rest";
  }

  /** Aborted when the figure closes: give it to listeners on the window, the document and media queries. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** The figure is busy until the returned function is called. */
  begin(): () => void {
    this.#begun += 1;
    this.#open += 1;
    this.#root.dataset.state = "busy";
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#open -= 1;
      if (this.#open === 0) this.#settle();
    };
  }

  /** Busy until a promise is settled; returns that promise. */
  during<T>(work: Promise<T>): Promise<T> {
    return work.finally(this.begin());
  }

  /** Call once, after some milliseconds; busy until then. */
  after(ms: number, act: () => void): Pending {
    return this.#schedule(this.begin(), act, (run) => {
      const id = setTimeout(run, ms);
      return () => clearTimeout(id);
    });
  }

  /** As `after`, for decoration that does not count as work: a notice that disappears. */
  later(ms: number, act: () => void): Pending {
    return this.#schedule(
      () => undefined,
      act,
      (run) => {
        const id = setTimeout(run, ms);
        return () => clearTimeout(id);
      },
    );
  }

  /** Call with the next animation frame; busy until then. */
  frame(act: (now: number) => void): Pending {
    return this.#schedule(this.begin(), act, (run) => {
      const id = requestAnimationFrame(run);
      return () => cancelAnimationFrame(id);
    });
  }

  /** Resolves when nothing is under way and nothing has begun for a frame. */
  rest(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      this.#waiting.push(resolve);
      if (this.#open === 0) this.#settle();
    });
  }

  /** Call when the size of an element changes. */
  resized(element: Element, act: () => void): void {
    const observer = new ResizeObserver(act);
    observer.observe(element);
    this.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** Cancel everything that is pending, and have every listener of the figure removed. */
  close(): void {
    this.#closing.abort();
    for (const pending of [...this.#pending]) pending.cancel();
    if (this.#settling !== undefined) cancelAnimationFrame(this.#settling);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #schedule<T>(
    end: () => void,
    act: (given: T) => void,
    start: (run: (given: T) => void) => () => void,
  ): Pending {
    if (this.signal.aborted) {
      end();
      return { cancel: () => undefined };
    }
    const done = () => {
      this.#pending.delete(pending);
      end();
    };
    const stop = start((given) => {
      try {
        act(given);
      } finally {
        done();
      }
    });
    const pending: Pending = {
      cancel: () => {
        stop();
        done();
      },
    };
    this.#pending.add(pending);
    return pending;
  }

  /** At rest after a frame in which nothing begins: sizes are observed within a frame, promises go on after it. */
  #settle(): void {
    if (this.signal.aborted) return;
    const begun = this.#begun;
    this.#settling = requestAnimationFrame(() =>
      setTimeout(() => {
        if (this.#open > 0 || begun !== this.#begun || this.signal.aborted) return;
        this.#root.dataset.state = "rest";
        for (const resolve of this.#waiting.splice(0)) resolve();
      }),
    );
  }
}
