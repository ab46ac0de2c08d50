"""Python protocols of a figure: equality, hashing, pickling, copies, conversion to an array."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from matcube.wire.link import view_to_json

if TYPE_CHECKING:
    from matcube.engine import Engine
    from matcube.wire import View


class Described:
    """Equality by state, which names every array by its hash; copies share, pickles carry the arrays."""

    state: View
    _engine: Engine

    def __eq__(self, other: object) -> bool:
        """Whether two figures show the same program over the same arrays in the same way."""
        if not isinstance(other, Described):
            return NotImplemented
        return self.state == other.state and self._engine.bindings.labels == other._engine.bindings.labels

    def __hash__(self) -> int:
        """The hash of the state."""
        return hash(view_to_json(self.state))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled with its arrays, without computed results."""
        from matcube.engine import Engine

        return _restored, (type(self), self.state, Engine, self._engine.bindings)

    def __copy__(self) -> Described:
        """The figure itself: it is immutable."""
        return self

    def __deepcopy__(self, _: object) -> Described:
        """The figure itself: it is immutable."""
        return self

    def __array__(self, *_: object, **__: object) -> NoReturn:
        """A figure is no array; its values are."""
        raise TypeError('a figure is no array: fig.value() gives its result, fig.value("A") a matrix of it')


def _restored(figure: type, state: object, engine: type, bindings: object) -> object:
    return figure(state, engine(bindings))
