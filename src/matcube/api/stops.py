"""Stops: named states of a figure with a sentence each, stored in its state; the page tells them in order."""

from __future__ import annotations

from msgspec.structs import asdict, replace

from matcube.api import camera
from matcube.engine import Program
from matcube.errors import OptionError
from matcube.errors.words import near, some_of
from matcube.wire import MAX_SENTENCE, MAX_STOPS, Stop, StopView, View

MAX_NAME = 200


def with_stop(view: View, name: str, say: str, program: Program) -> View:
    """The view with what it shows stored under a name; a stop of that name is replaced.

    Args:
        view: state of the figure.
        name: name of the stop.
        say: its sentence; "" for none.
        program: the program of the view.

    Raises:
        OptionError: the name or the sentence is no text or too long, or there are too many stops for a link.
    """
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        raise OptionError(f"a stop cannot be called {name!r}", hint='fig.stop("the scores")')
    if not isinstance(say, str) or len(say) > MAX_SENTENCE:
        text = f"has {len(say):,} characters of {MAX_SENTENCE}" if isinstance(say, str) else f"is {say!r}"
        raise OptionError(
            f"the sentence of a stop {text}", hint='fig.stop("the scores", say="Each row is a query.")'
        )
    seen = StopView(**{field: getattr(view, field) for field in StopView.__struct_fields__})
    now = Stop(name.strip(), camera.present(view, program), view.selection, say.strip(), seen)
    stops = list(view.stops)
    at = next((at for at, stop in enumerate(stops) if stop.name == now.name), len(stops))
    if at == MAX_STOPS:
        raise OptionError(f"there are {at} stops already", hint="no more fit into a link")
    stops[at : at + 1] = [now]
    return replace(view, stops=tuple(stops))


def at_stop(view: View, stop: str | int) -> View:
    """The view as a stop shows it.

    Args:
        view: state of the figure.
        stop: its name, or its number from 0.

    Raises:
        OptionError: there is no such stop.
    """
    names = [each.name for each in view.stops]
    at = names.index(stop) if stop in names else stop
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < len(names):
        raise OptionError(f"no stop is called {stop!r}", hint=_hint(str(stop), names))
    match = view.stops[at]
    shown = {} if match.view is None else asdict(match.view)
    if shown.get("partition") is None:
        shown.pop("partition", None)
    return replace(view, stop=at, camera=match.camera, selection=match.selection, **shown)


def _hint(name: str, names: list[str]) -> str:
    if not names:
        return 'make one first: fig.stop("the scores")'
    similar = near(name, names)
    return f'fig.at_stop("{similar[0]}")' if similar else f"its stops are {some_of(names, 5)}"
