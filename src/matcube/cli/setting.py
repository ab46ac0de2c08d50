"""An option that the reader can have a default for."""

from __future__ import annotations

import os
from typing import Any

import click


class Setting(click.Option):
    """An option with a default of the reader's own: in ``MATCUBE_THEME``, or ``theme`` in the settings."""

    def __init__(self, *names: Any, **options: Any) -> None:
        long = next(name for name in names[0] if name.startswith("--"))
        self.key = long.partition("/")[0].removeprefix("--")
        variable = f"MATCUBE_{self.key.upper().replace('-', '_')}"
        super().__init__(*names, envvar=variable, **options)

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """The option, or the variable that its value came from."""
        from click.core import ParameterSource

        is_variable = ctx and ctx.get_parameter_source(str(self.name)) == ParameterSource.ENVIRONMENT
        if is_variable and str(self.envvar) in os.environ:
            return f"{self.envvar} in the environment"
        return super().get_error_hint(ctx)  # type: ignore[arg-type, unused-ignore]
