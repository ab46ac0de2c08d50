"""Packets: their devices, their lengths by bytes, their way, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.playback.packets import EDGE, LEAST, WIDTH, packets_of, playing_at, rounds_of, sentences_of
from matcube.playback.visible import shown_of
from matcube.scene import colour
from matcube.wire import Collective
from matcube.wire.devices import Kind
from matcube.wire.text import bytes_text
from tests.heads import arrays_of, attention

MLP = "h = relu(x @ W1); y = h @ W2"
LAYERS = {"x": "gaussian(16, 16)", "W1": "gaussian(16, 64)", "W2": "gaussian(64, 16)"}
KINDS: tuple[Kind, ...] = ("all-reduce", "reduce-scatter", "all-gather", "all-to-all", "ring")
THEME = colour.themes()[0]


def summed():
    """A played product whose sum is split among four devices."""
    return mc.figure(MLP, **LAYERS).partition({"W1.cols": 4}).animate("vmprod")


def drawn(figure, t):
    """Links and packets at time t, each as an array (n, 2, 3), the packets' colours, and the exchanges."""
    head = figure.scene().head
    playing = playing_at(head.film, t)
    marks = packets_of(head, shown_of(head, figure.state).faces, THEME, playing)
    links = np.array([mark.points for mark in marks if mark.width == 1])
    packets = [mark for mark in marks if mark.width == WIDTH]
    assert len([mark for mark in marks if mark.width == EDGE]) == len(packets) == len(links)
    return links, np.array([mark.points for mark in packets]), [mark.colour for mark in packets], playing


def lengths(segments):
    return np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)


def test_packets_of_an_all_reduce_go_from_sheet_to_sheet_round_the_ring():
    figure = summed()
    faces = [face for face in figure.scene().head.layouts[0].faces if face.part is not None]
    middles = [np.array(face.origin) + 8 * np.array(face.across) + 8 * np.array(face.down) for face in faces]
    links, packets, colours, _ = drawn(figure, 33.0)
    assert np.allclose(links, [[middles[n], middles[(n + 1) % 4]] for n in range(4)])
    assert colours == list(THEME.devices[:4])
    way = (links[:, 1] - links[:, 0]) / lengths(links)[:, None]
    from_start = ((packets - links[:, :1]) * way[:, None]).sum(axis=2)
    assert (from_start >= -1e-9).all() and (from_start <= lengths(links)[:, None] + 1e-9).all()
    assert np.allclose(packets, links[:, :1] + way[:, None] * from_start[..., None])
    # Six rounds in four steps: half a step on, a packet is three quarters of a round farther.
    later = ((drawn(figure, 33.5)[1] - links[:, :1]) * way[:, None]).sum(axis=2)
    free = lengths(links) - lengths(packets)
    assert np.allclose((later - from_start)[:, 0], ((0.5 + 0.75) % 1 - 0.5) * free)


def test_the_length_of_packets_is_that_of_their_bytes():
    program = "h = relu(x @ W1); g = relu(h @ W2); u = relu(g @ W3); y = u @ W4"
    leaves = LAYERS | {"W2": "gaussian(64, 16)", "W3": "gaussian(16, 64)", "W4": "gaussian(64, 8)"}
    figure = mc.figure(program, **leaves).partition({"W1.cols": 4, "W3.cols": 4}).animate("vmprod")
    film, table = figure.film, figure.scene().head.partition
    assert film is not None and table is not None
    shares = []
    for exchange in film.exchanges:
        links, packets, _, _ = drawn(figure, exchange.start + 0.25)
        shares.append(
            (lengths(packets)[0] / lengths(links).min(), table.collectives[exchange.collective].bytes)
        )
    largest = max(sent for _, sent in shares)
    assert len({sent for _, sent in shares}) > 1
    for share, sent in shares:
        assert share == pytest.approx(max(0.6 * sent / largest, LEAST))


def test_what_is_said_has_the_bytes_of_the_table():
    figure = summed()
    head = figure.scene().head
    (row,) = figure.devices().collectives
    assert sentences_of(head, playing_at(head.film, 31.9)) == []
    (says,) = sentences_of(head, playing_at(head.film, 33))
    assert says.startswith("All-reduce among 4 devices: partial sums, added up for")
    assert f"each device sends {bytes_text(row.bytes)} = 2 · 3/4 of {bytes_text(4 * 16 * 16)}" in says
    assert sentences_of(head, playing_at(head.film, 36)) == []


def test_of_many_exchanges_two_are_said():
    figure = mc.figure(MLP, **LAYERS).partition(preset="fsdp", devices=4).animate("vmprod")
    head = figure.scene().head
    assert head.film is not None
    playing = playing_at(head.film, 0.5)
    assert len(sentences_of(head, playing)) == len(playing) == 2
    assert sentences_of(head, [*playing, playing[0]])[-1] == "and 1 more exchange"


def test_an_all_reduce_has_twice_the_rounds_and_many_are_shown_as_eight():
    by_kind = {kind: rounds_of(Collective(0, 0, kind, 1, 8, "", ""), 4) for kind in KINDS}
    assert by_kind == dict(zip(KINDS, (6, 3, 3, 3, 3), strict=True))
    assert rounds_of(Collective(0, 0, "all-to-all", 1, 8, "", ""), 64) == 8


def test_hidden_sheets_and_films_without_exchanges_have_no_packets():
    plain = mc.figure(MLP, **LAYERS).animate("vmprod").film
    assert plain is not None
    assert plain.exchanges == () and playing_at(plain, 5) == ()
    head, film = summed().scene().head, summed().film
    assert film is not None
    faces = [face for face in head.layouts[0].faces if face.part is None]
    assert packets_of(head, faces, THEME, playing_at(film, 33)) == []


def test_heads_send_between_the_blocks_of_the_weights():
    case = attention(heads=4, tokens=8, width=16)
    figure = mc.figure(case.program, **arrays_of(case)).partition(preset="megatron", devices=4)
    figure = figure.animate("vmprod")
    film = figure.film
    assert film is not None
    (sent,) = film.exchanges
    links, _, colours, _ = drawn(figure, sent.start + 1)
    assert len(links) == 4 and colours == list(THEME.devices[:4])
