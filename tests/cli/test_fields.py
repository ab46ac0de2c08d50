"""``--set``, ``--view``, ``--select``, ``--pin``, ``--contrast``: every field of a figure."""

import json
import math
from pathlib import Path

import pytest

from matcube.cli.fields import PARTS, fields_of, range_text, read_value

LETS = ("--let", "A=eye(4,4)", "--let", "B=gaussian(4,6)")
PROGRAM = "C = A @ B"

# A value for each field, and where the view has it then.
VALUES = {
    "layout.scheme": ("wheel", "wheel"),
    "layout.gap": ("3", 3.0),
    "layout.scatter": ("2", 2.0),
    "layout.molecule": ("2", 2),
    "layout.blast": ("0.5", 0.5),
    "layout.root": ("+LTF", "+LTF"),
    "layout.custom": ('{"C": "-LTF"}', {"C": "-LTF"}),
    "layout.sheets": ("open", "open"),
    "layout.pull": ("[]", []),
    "layout.head": ("null", None),
    "layout.inside": ("{}", {}),
    "layout.parts": ("2", 2),
    "style.theme": ("light", "light"),
    "style.palette": ("grey", "grey"),
    "style.sensitivity": ("global", "global"),
    "style.dot_scale": ("0.5", 0.5),
    "style.contrast": ("2", 2.0),
    "style.peak": ("true", True),
    "style.legends": ("False", False),
    "style.letters": ("false", False),
    "style.guides": ("false", False),
    "style.arrows": ("false", False),
    "style.costs": ("true", True),
    "style.legend_size": ("2", 2.0),
    "style.numbers": ("never", "never"),
    "style.digits": ("3", 3),
}

pytestmark = pytest.mark.usefixtures("files")


def view(command, *words: str) -> dict:
    ended = command("save", PROGRAM, *LETS, "a.json", *words)
    assert ended.code == 0, ended.err
    return json.loads(Path("a.json").read_text())["view"]


def test_there_is_a_value_for_every_field():
    assert set(VALUES) == {f"{part}.{name}" for part in ("layout", "style") for name in fields_of(part)}


@pytest.mark.parametrize("field", VALUES)
def test_every_field_of_layout_and_style(command, field):
    text, stored = VALUES[field]
    part, _, name = field.partition(".")
    assert view(command, "--set", f"{field}={text}")[part][name] == stored


def test_the_view(command):
    words = ["--view", "yaw=30,pitch=20", "--view", "distance=80", "--select", "A", "--pin", "B[3, 5]"]
    words += ["--pin", "A[0, 0]", "--set", "view.hide=C", "--set", 'view.fade=["A"]']
    seen = view(command, *words)
    camera = seen["camera"]
    assert (camera["yaw"], camera["pitch"], camera["distance"]) == (math.radians(30), math.radians(20), 80)
    assert seen["selection"]["node"] == 0 and len(seen["selection"]["pins"]) == 2
    assert seen["selection"]["pins"][0] == {"node": 1, "row": 3, "col": 5}
    assert len(seen["hidden"]) == 1 and len(seen["faded"]) == 1
    assert view(command, "--set", "view.isolate=A")["isolated"] == 0
    assert view(command, "--contrast", "2", "--set", "style.contrast=3")["style"]["contrast"] == 3


def test_a_film_by_its_fields(command):
    film = view(command, "--animate", "outer", "--set", "film.speed=2", "--set", "film.loop=false")["film"]
    assert (film["algorithm"], film["speed"], film["loop"]) == ("outer", 2, False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "style.contrst=2"], "did you mean contrast?"),
        (["--set", "stile.contrast=2"], "did you mean style?"),
        (["--set", "contrast=2"], "write --set style.contrast=2"),
        (["--set", "style.contrast=99"], "style.contrast is from 0.05 to 20"),
        (["--contrast", "0"], "style.contrast is from 0.05 to 20"),
        (["--gap", "0"], "layout.gap is from 1 to 64"),
        (["--set", "style.contrast=wide"], "it must be a number"),
        (["--set", "style.contrast=NaN"], "it must be a number"),
        (["--set", "style.peak=maybe"], "it must be true or false"),
        (["--set", "film.speed=1000"], "film.speed is from 0.01 to 100"),
        (["--set", "layout.scheme=weel"], "did you mean wheel?"),
        (["--view", "yow=3"], "did you mean yaw?"),
        (["--view", "yaw"], "write --view yaw=30,pitch=20"),
        (["--select", "Q"], "Q"),
        (["--pin", "A[9, 9]"], "does not lie in A"),
        (["--pin", "A"], "--pin 'attn[3, 7]'"),
    ],
)
def test_refusals(command, words, says):
    ended = command("save", PROGRAM, *LETS, "a.json", *words)
    assert ended.code == 2 and says in ended.err and "Traceback" not in ended.err


def test_values():
    texts = ("2", " 0.5", "true", "None", '"2"', "K=1", "[1, 2]", "Infinity")
    values = [2, 0.5, True, None, "2", "K=1", [1, 2], "Infinity"]
    assert [read_value(text) for text in texts] == values


def test_ranges():
    kinds = fields_of("style")
    ranges = {name: range_text(kind) for name, kind in kinds.items() if range_text(kind)}
    assert ranges == {
        "dot_scale": "from 0.05 to 4",
        "contrast": "from 0.05 to 20",
        "legend_size": "from 0.5 to 3",
        "digits": "from 0 to 4",
    }
    assert all(fields_of(part) for part in PARTS)
