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
  #settling: Pending | null = null;

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
    if (this.signal.aborted) return () => undefined;
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
    return this.#schedule(this.begin(), act, timer(ms));
  }

  /** As `after`, for decoration that does not count as work: a notice that disappears. */
  later(ms: number, act: () => void): Pending {
    return this.#schedule(() => undefined, act, timer(ms));
  }

  /** Call with the next animation frame; busy until then. */
  frame(act: (now: number) => void): Pending {
    return this.#schedule(this.begin(), act, nextFrame);
  }

  /** Resolves when nothing is under way and nothing has begun for a frame. */
  rest(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) {
        resolve();
        return;
      }
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
    this.#rest();
  }

  #schedule<T>(end: () => void, act: (given: T) => void, start: Start<T>): Pending {
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
    const uncounted = () => undefined;
    this.#settling?.cancel();
    this.#settling = this.#schedule(
      uncounted,
      () => {
        this.#settling = this.later(0, () => {
          if (this.#open === 0 && begun === this.#begun) this.#rest();
        });
      },
      nextFrame,
    );
  }

  #rest(): void {
    this.#root.dataset.state = "rest";
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Starts a timer or a frame; returns what stops it. */
type Start<T> = (run: (given: T) => void) => () => void;

const timer =
  (ms: number): Start<void> =>
  (run) => {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  };

const nextFrame: Start<number> = (run) => {
  const id = requestAnimationFrame(run);
  return () => cancelAnimationFrame(id);
};
