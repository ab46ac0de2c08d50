"""The command line: show, save, open, cost, ls, demo."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from matcube import __version__
from matcube.errors import MatcubeError, OptionError
from matcube.figure.waiting import Progress

if TYPE_CHECKING:
    from matcube.figure.picture import Figure

Command = TypeVar("Command", bound=Callable[..., Any])

EXAMPLES = """\b
Examples:
  matcube show 'A @ B' --let 'A=gaussian(32,24)' --let 'B=gaussian(24,16)'
  matcube show 'softmax(tril(Q @ K.T / sqrt(16))) @ V' --data head.npz
  matcube save 'relu(x @ w + b)' --data mlp.safetensors out.html out.png
  matcube open '#m1.bY7B...' --data head.npz
  matcube demo
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXAMPLES
)
@click.version_option(__version__, prog_name="matcube", message="%(prog)s %(version)s")
def cli() -> None:
    """See matrix multiplication as a cube that you can turn and read.

    A program is a line of text: names, @ + - * /, .T, and functions such as softmax, tril, relu.
    Give its names values with --let (random, or numbers) or --data (files).
    """


def _inputs(command: Command) -> Command:
    for option in (
        click.option("--labels", multiple=True, metavar="NAME.rows=…",
                     help="Names along rows or cols: a file with one a line, or a,b,c. May be repeated."),
        click.option("--data", multiple=True, metavar="FILE",
                     help="Arrays from .npz, .npy, .csv or .safetensors, by their names; NAME=FILE or "
                          "NAME=FILE:ENTRY[0:10] picks one; single numbers are constants. May be repeated."),
        click.option("--let", "let", multiple=True, metavar="NAME=SPEC",
                     help="A random matrix, such as 'Q=gaussian(64,16)', or a number, d=64. Repeatable."),
        click.argument("program"),
    ):  # fmt: skip
        command = option(command)
    return command


def _looks(command: Command) -> Command:
    for option in (
        click.option(
            "--backward",
            metavar="NAME",
            help="The gradients of this product, in its cube: of C = A @ B also dA and dB; dC is what "
            "--let or --data binds to that name, else ones.",
        ),
        click.option(
            "--fuse", help="Whether neighbours of a film run as one: none, sync, async, or decode (causal)."
        ),
        click.option(
            "--order", help="Order of the loops of tiled: ikj, or one for each level of tiles, ikj/kij."
        ),
        click.option(
            "--tiles",
            help="Tiles of tiled along i, j and k, each level in the last: 16,16,16/4,4,4; "
            "of online, blocks of queries and keys: 16,16.",
        ),
        click.option(
            "--partition",
            multiple=True,
            metavar="AXIS=BLOCKS",
            help="Split an axis into blocks: tokens=8, one use of it, attn.i=8, or preset:megatron=4. "
            "May be repeated.",
        ),
        click.option(
            "--film",
            multiple=True,
            metavar="ALGORITHM",
            help="How it plays: vmprod, mvprod, outer, axpy, dot_row, dot_col, tiled or online; "
            "NAME=ALGORITHM for one matrix, none to have it from the start. May be repeated.",
        ),
        click.option(
            "--sensitivity", help="What full brightness means: robust, local, semilocal, global, superlocal."
        ),
        click.option("--palette", help="Colours, such as glow or blue-orange."),
        click.option("--theme", help="dark, light or auto."),
        click.option(
            "--sheets", is_flag=True, help="Open the steps behind each result as a stack of sheets."
        ),
        click.option("--gap", type=float, help="Cells between a face and its box, 1 to 64."),
        click.option("--layout", "scheme", help="blocks, zigzag, wheel or custom."),
    ):
        command = option(command)
    return command


def _serving(command: Command) -> Command:
    for option in (
        click.option(
            "--port", type=click.IntRange(0, 65535), default=0, help="A fixed port; otherwise a free one."
        ),
        click.option("--no-open", is_flag=True, help="Print the address, and open no browser."),
    ):
        command = option(command)
    return command


@cli.command()
@_inputs
@_looks
@_serving
def show(program: str, no_open: bool, port: int, **options: Any) -> None:
    """Open PROGRAM as a figure in the browser.

    The page is served to this machine alone; Ctrl-C ends it. The program can be edited in the page.

    \b
    Examples:
      matcube show 'A @ B' --let 'A=gaussian(32,24)' --let 'B=gaussian(24,16)'
      matcube show 'softmax(tril(Q @ K.T / sqrt(d))) @ V' --data head.npz --let d=16
      matcube show --let 'A=eye(4,4)' --let 'B=ones(4,2)' -- '-A @ B'
    """
    _serve(_figure(program, **options), no_open=no_open, port=port)


@cli.command()
@_inputs
@click.argument("out", nargs=-1, required=True)
@_looks
@click.option(
    "--size", default="1280x800", show_default=True, help="Width and height of the picture in pixels."
)
@click.option("--scale", type=float, default=1.0, help="Makes the picture and its lettering larger.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="How long a film lasts.")
@click.option("--fps", type=float, help="Frames per second of a film; 20 for .gif, 30 for .mp4.")
def save(program: str, out: tuple[str, ...], size: str, scale: float, **options: Any) -> None:
    """Save PROGRAM as OUT, by its ending: .html, .png, .gif, .mp4 or .json; several OUT at once are fine.

    \b
    Examples:
      matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' cube.html cube.png
      matcube save 'x @ w' --data layer.safetensors --layout wheel --size 1920x1080 layer.png
      matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' --film vmprod cube.gif
    """
    from matcube.figure.saving import check

    how = {"size": _size(size), "scale": scale, **{name: options.pop(name) for name in ("seconds", "fps")}}
    for path in out:
        check(Path(path))
    figure = _figure(program, **options)
    for path in out:
        click.echo(f"wrote {_saved(figure, Path(path), **how)}")


@cli.command("open")
@click.argument("link", metavar="LINK_OR_FILE")
@click.option(
    "--data", multiple=True, metavar="FILE", help="The arrays that the link names. May be repeated."
)
@_serving
def open_(link: str, data: tuple[str, ...], no_open: bool, port: int) -> None:
    """Open a link (#m1.…, or an address that ends in one) or a saved page, live.

    Arrays do not travel in links: bring their files with --data. A saved page carries its own.
    """
    from matcube.figure import brought, make

    figure = make.from_address(link, files=brought.data(data))
    _serve(_computed(figure), no_open=no_open, port=port)


@cli.command()
@_inputs
@click.option("--dtype", help="Of every cell: float32, or with a machine bfloat16, when left out.")
@click.option(
    "--model", default="multiply_add", show_default=True, help="multiply_add, multiply, or each_operation."
)
@click.option("--parameter", multiple=True, metavar="NAME", help="Parameters, 'W*'; otherwise w… and b….")
@click.option("--machine", help="Adds its roofline: t4, v100, a100, h100, h200, tpu-v4, tpu-v5e, or a name.")
@click.option("--peak", type=float, help="Of another machine, in FLOP/s: 312e12.")
@click.option("--bandwidth", type=float, help="Of another machine, in B/s: 2e12.")
def cost(program: str, **options: Any) -> None:
    """Print what PROGRAM costs: FLOPs, bytes moved, FLOPs per byte, parameters.

    \b
    Examples:
      matcube cost 'x @ W' --let 'x=shape(1024,768)' --let 'W=shape(768,3072)'
      matcube cost 'x @ W' --let 'x=shape(1,8192)' --let 'W=shape(8192,28672)' --dtype int8 --machine h100
    """
    names = ("machine", "peak", "bandwidth", "parameter", "dtype", "model")
    *machine, parameters, dtype, model = (options.pop(name) for name in names)
    is_held = any(one is not None for one in machine)
    how = {"dtype": dtype or ("bfloat16" if is_held else "float32"), "model": model}
    figure = _made(program, **options)
    tables: list[object] = [figure.cost(parameters=parameters or None, **how)]
    if is_held:
        name, peak, bandwidth = machine
        tables.append(figure.roofline(name, peak=peak, bandwidth=bandwidth, **how))
    click.echo("\n\n".join(map(str, tables)))


@cli.command("ls")
@click.argument("file")
def list_(file: str) -> None:
    """List the arrays that FILE holds: name, shape, type, size, and how a program names each.

    Its values are not read.
    """
    from matcube.figure.brought import bound
    from matcube.sources.files import list_file

    entries = list_file(file)
    if not entries:
        click.echo(f"{Path(file).name} holds no arrays")
    width = max((len(entry.name) for entry in entries), default=0)
    for entry, note in zip(entries, bound(entries), strict=True):
        shape = " × ".join(map(str, entry.shape)) or "a single number"
        line = f"{entry.name:<{width}}  {shape:<16} {entry.dtype:<9} {_bytes(entry.bytes):>9}  {note}"
        click.echo(line.rstrip())


@cli.command()
@click.option("--serve/--no-serve", default=True, help="Open the demo, or only write its files.")
@click.option("--out", default=".", show_default=True, metavar="DIR", help="Where demo.html and demo.png go.")
@_serving
def demo(serve: bool, out: str, no_open: bool, port: int) -> None:
    """A real attention head (SmolLM2, layer 18, head 6) copying a nursery rhyme from itself.

    Writes demo.html and demo.png, then opens the figure.
    """
    from matcube.figure.demo import demo as demo_figure
    from matcube.figure.saving import check

    paths = [Path(out) / name for name in ("demo.html", "demo.png")]
    for path in paths:
        check(path)
    figure = _computed(demo_figure())
    for path in paths:
        click.echo(f"wrote {_saved(figure, path)}")
    if serve:
        _serve(figure, no_open=no_open, port=port)


def _figure(
    program: str,
    *,
    let: tuple[str, ...],
    data: tuple[str, ...],
    labels: tuple[str, ...],
    scheme: str | None,
    gap: float | None,
    sheets: bool,
    film: tuple[str, ...],
    fuse: str | None,
    backward: str | None,
    partition: tuple[str, ...],
    tiles: str | None,
    order: str | None,
    **style: Any,
) -> Figure:
    from matcube.figure import splitting

    figure = _made(program, backward=backward, let=let, data=data, labels=labels)
    changes: dict[str, Any] = {"gap": gap} if gap is not None else {}
    if sheets:
        changes["sheets"] = "open"
    if scheme is not None or changes:
        figure = figure.layout(scheme, **changes)
    how = {"fuse": fuse, "tiles": None if tiles is None else _tiles(tiles), "order": order}
    given = {name: value for name, value in how.items() if value is not None}
    if film or given:
        algorithm, each = _film(film)
        if not film:  # --tiles or --fuse alone are meant for a film, too
            algorithm = "vmprod" if tiles is None and order is None else "tiled"
        figure = figure.animate(algorithm, each=each, **given)
    if partition:
        figure = figure.partition(splitting.lines(partition))
    looks: dict[str, Any] = {name: value for name, value in style.items() if value is not None}
    return _computed(figure.style(**looks) if looks else figure)


def _made(
    program: str,
    *,
    let: tuple[str, ...],
    data: tuple[str, ...],
    labels: tuple[str, ...],
    backward: str | None = None,
) -> Figure:
    from matcube.figure import brought, make

    files = brought.data(data)
    lets = brought.lets(let)
    bindings = {**brought.numbers(data, program), **lets}
    figure = make.make(program, bindings, labels=brought.labels(labels), files=files)
    if backward is not None:
        figure = figure.backward(backward)
    for name in brought.unused(f"{program}\n{figure.state.program}", let=lets, data=data):
        click.echo(f"note: {name} is not used", err=True)
    return figure


def _film(given: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The algorithm of the result and those of matrices: ``vmprod``, ``K=none``."""
    pairs = [one.rpartition("=") for one in given]
    whole = [algorithm for name, _, algorithm in pairs if not name]
    if len(whole) > 1:
        raise OptionError(f"--film names {' and '.join(whole)}", hint="one of them, or NAME=ALGORITHM")
    return (whole[0] if whole else "none"), {name.strip(): one.strip() for name, _, one in pairs if name}


def _tiles(text: str) -> list[tuple[int, ...]]:
    """Tiles of every level: ``16,16,16/4,4,4``."""
    try:
        return [tuple(int(size) for size in level.split(",")) for level in text.split("/")]
    except ValueError:
        raise OptionError(f'--tiles "{text}" cannot be read', hint="for example 16,16,16/4,4,4") from None


def _computed(figure: Figure) -> Figure:
    with Progress() as progress:
        return figure.compute(progress=progress)


def _saved(figure: Figure, path: Path, **options: Any) -> Path:
    with Progress() as progress:
        return figure.save(path, progress=progress, **options)


def _serve(figure: Figure, *, no_open: bool, port: int) -> None:
    from matcube.figure.answers import Session
    from matcube.outputs.server import serve

    with Progress() as progress:
        figure.scene(progress=progress)  # what it makes of large matrices is kept for the page
    serve(Session(figure), port=port, open_browser=not no_open, say=click.echo)


def _size(text: str) -> tuple[int, int]:
    width, x, height = text.lower().replace("×", "x").partition("x")
    if not (x and width.strip().isdecimal() and height.strip().isdecimal()):
        raise OptionError(f'--size "{text}" cannot be read', hint="write --size 1280x800")
    return int(width), int(height)


def _bytes(count: int) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.4g} {unit}"
        count /= 1000  # type: ignore[assignment]
    return f"{count:.4g} GB"


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; whatever the reader can put right ends with one block of text and code 2."""
    try:
        code = cli.main(arguments, prog_name="matcube", standalone_mode=False)
    except MatcubeError as error:
        _end(f"{error.kind}: {error}")
    except click.ClickException as error:
        error.show()
        _end(_hint(error))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except MemoryError:
        _end("MemoryError: there is not enough memory for this figure")
    sys.exit(code if isinstance(code, int) else 0)


def _hint(error: click.ClickException) -> str | None:
    """What a newcomer may have meant."""
    if isinstance(error, click.NoSuchOption) and not error.option_name.startswith("--"):
        saves = error.ctx is not None and error.ctx.info_name == "save"
        written = "matcube save -- '-A @ B' o.png" if saves else "matcube show -- '-A @ B'"
        return f'hint: a program that begins with "-" goes last, after "--": {written}'
    if error.message.startswith("No such command"):
        return "hint: to see a program, matcube show 'A @ B'; to save one, matcube save 'A @ B' out.html"
    return None


def _end(text: str | None) -> None:
    if text:
        click.echo(text, err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
