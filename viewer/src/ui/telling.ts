// Which cell the strip is about, and where its words come from: the page's values, or Python where these are averages.

import { explain, factorsOf, sentence, type Told } from "../core/explain";
import { activeStep, countAt, partCount, reached } from "../core/film";
import { matrixOf } from "../core/sums";
import type { Explained, Pin } from "../core/types.gen";
import type { Pending } from "./activity";
import type { Picture } from "./picture";
import type { Playing } from "./playing";
import type { Ribbon, Subject } from "./ribbon";
import type { Session, State } from "./session";

const ASK_AFTER_MS = 200;

/** The words of the cell that is looked at. */
export class Telling {
  readonly #session: Session;
  readonly #playing: Playing;
  readonly #picture: Picture;
  readonly #ribbon: Ribbon;
  readonly #heard: (words: Told) => void;
  #answer: { readonly key: string; readonly head: unknown; readonly words: Explained | null } | null = null;
  #asking: { readonly key: string; readonly pending: Pending } | null = null;

  /** @param heard hears of words that came from Python. */
  constructor(
    { session, playing, picture }: { session: Session; playing: Playing; picture: Picture },
    ribbon: Ribbon,
    heard: (words: Told) => void,
  ) {
    this.#session = session;
    this.#playing = playing;
    this.#picture = picture;
    this.#ribbon = ribbon;
    this.#heard = heard;
  }

  /** Follow the state, the pointer and the film. */
  draw(): void {
    this.#ribbon.draw(this.#subject());
  }

  /** What is heard of a cell. */
  of(pin: Pin): Told {
    const { scene, layout } = this.#session.state;
    const { moments, t } = this.#playing;
    const words = explain(scene, layout, pin.node, [pin.row, pin.col], (node, row, col) => {
      if (moments === null) return null;
      const count = moments.countOf(node, row, col, t);
      if (count !== null) return Math.max(count, this.#forming(node, row, col));
      return moments.shown([node], row, col, t).kind === "finished" ? null : 0;
    });
    const answer = moments === null ? this.#answerTo(pin) : null;
    return answer === null || words.whole ? words : { ...words, ...answer, whole: true };
  }

  /** The products of a cell when the film's present step has laid down what it forms. */
  #forming(node: number, row: number, col: number): number {
    const { film, t } = this.#playing;
    const sweep = film?.sweeps.find((entry) => entry.node === node);
    const step = sweep && activeStep(sweep, t);
    if (sweep === undefined || step === null || step === undefined) return 0;
    if (partCount(sweep) > 1 || sweep.states !== null) return 0;
    return countAt(sweep, step + 1, ...(sweep.turned ? ([col, row] as const) : ([row, col] as const)));
  }

  #subject(): Subject | null {
    const { state } = this.#session;
    const hovered = this.#picture.hoveredPin;
    const pinned = state.view.selection.pins.at(-1) ?? null;
    const pin = hovered ?? pinned ?? this.#filmed();
    if (pin === null || matrixOf(state.scene, pin.node) === undefined) return null;
    const words = this.of(pin);
    const isPinned =
      pinned !== null && pin.node === pinned.node && pin.row === pinned.row && pin.col === pinned.col;
    return {
      words,
      about: words.line ? factorsOf(state.scene, state.layout, words.line) : "",
      note: this.#lacking(pin, words),
      pinned: isPinned,
      passing: hovered !== null && !isPinned,
    };
  }

  /** The first cell that the film's present step forms. */
  #filmed(): Pin | null {
    const { film, t } = this.#playing;
    const sweep = film?.sweeps.filter(({ start }) => start <= t).at(-1);
    if (sweep === undefined) return null;
    const step = activeStep(sweep, t) ?? Math.min(Math.max(Math.floor(t - sweep.start), 0), sweep.steps - 1);
    const { i, j } = reached(sweep, step);
    const [row, col] = sweep.turned ? [j[0], i[0]] : [i[0], j[0]];
    return { node: sweep.node, row, col };
  }

  /** What the page lacks; where there is Python, it is asked. */
  #lacking(pin: Pin, words: Told): string {
    if (words.whole || this.#playing.film !== null) return "";
    if (this.#session.backend.live) {
      this.#ask(pin);
      return words.averages.length > 0 && this.#answer?.key !== keyOf(pin) ? "…" : "";
    }
    const names = words.averages.join(" and ");
    return names === "" ? "" : `This page holds averages of ${names}; the exact terms need Python.`;
  }

  #answerTo(pin: Pin): Explained | null {
    const { head } = this.#session.state.scene;
    return this.#answer?.key === keyOf(pin) && this.#answer.head === head ? this.#answer.words : null;
  }

  #ask(pin: Pin): void {
    const key = keyOf(pin);
    const { state, activity } = this.#session;
    if (this.#asking?.key === key || (this.#answer?.key === key && this.#answer.head === state.scene.head))
      return;
    this.#asking?.pending.cancel();
    this.#asking = { key, pending: activity.after(ASK_AFTER_MS, () => void this.#fetch(pin, key, state)) };
  }

  async #fetch(pin: Pin, key: string, { scene }: State): Promise<void> {
    const mean = matrixOf(scene, pin.node)?.pooled?.mean ?? null;
    let words: Explained | null = null;
    try {
      const bytes = await this.#session.backend.ask({ kind: "explain", ...pin, mean });
      words = JSON.parse(new TextDecoder().decode(bytes)) as Explained;
    } catch {
      words = null; // what the page can say by itself stays
    }
    if (this.#asking?.key === key) this.#asking = null;
    if (this.#session.state.scene.head !== scene.head) return;
    this.#answer = { key, head: scene.head, words };
    this.draw();
    const shown = this.#ribbon.words;
    if (shown !== null && shown.address === words?.address) this.#heard(shown);
  }
}

/** The words for a screen reader: those of Python's `explain`, and the labels of the cell. */
export const spoken = (words: Explained, labels: readonly string[]): string =>
  [sentence(words), ...(labels.length > 0 ? [labels.join(", ")] : [])].join("\n");

const keyOf = ({ node, row, col }: Pin): string => `${node}:${row}:${col}`;
