import io

import anyio
import pytest
from anyio import to_thread
from PIL import Image

from engage import pictures
from engage.errors import Refused
from engage.filetypes import Kind
from tests import papers


def test_a_photograph_loses_its_place_and_stands_upright() -> None:
    taken = papers.picture_with_place()
    assert papers.GPS in Image.open(io.BytesIO(taken)).getexif()
    made = pictures.rewritten("a.jpg", taken, Kind.JPEG)
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == (80, 120)
        assert not picture.getexif()
        assert not {"exif", "comment", "icc_profile"} & picture.info.keys()
    assert b"Hang dien thoai" not in made
    assert b"chup o nha toi" not in made


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP])
def test_a_picture_stays_of_its_kind_and_becomes_no_larger_than_one_reads(kind: Kind) -> None:
    made = pictures.rewritten("a", papers.picture(kind.upper(), (5_000, 1_000)), kind)
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.format == kind.upper()
        assert max(picture.size) == pictures.LONGEST_SIDE


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_any_way_of_colours_is_read(mode: str) -> None:
    kind = Kind.JPEG if mode == "CMYK" else Kind.PNG
    written = io.BytesIO()
    Image.new(mode, (8, 8)).save(written, kind.upper())
    assert pictures.rewritten("a", written.getvalue(), kind)


def test_what_stands_behind_a_picture_is_left_behind() -> None:
    made = pictures.rewritten("a.jpg", papers.picture() + b"<script>alert(1)</script>", Kind.JPEG)
    assert b"script" not in made


def test_a_moving_picture_is_refused() -> None:
    with pytest.raises(Refused, match="picture_moves"):
        pictures.rewritten("a.webp", papers.moving_picture(), Kind.WEBP)


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked() -> None:
    written = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(written, "PNG")
    with pytest.raises(Refused, match="picture_too_large"):
        pictures.rewritten("a.png", written.getvalue(), Kind.PNG)


@pytest.mark.parametrize("cut", [20, 200, 600])
def test_a_picture_cut_short_is_damaged(cut: int) -> None:
    with pytest.raises(Refused, match="file_damaged"):
        pictures.rewritten("a.jpg", papers.picture(size=(600, 400))[:cut], Kind.JPEG)


@pytest.mark.anyio
async def test_the_loop_serves_others_while_a_large_picture_is_written_anew() -> None:
    large, longest = papers.picture("PNG", (6_000, 6_000)), 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = anyio.current_time()
            await anyio.sleep(0.005)
            longest = max(longest, anyio.current_time() - began)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        await to_thread.run_sync(pictures.rewritten, "a.png", large, Kind.PNG)
        tasks.cancel_scope.cancel()
    assert longest < 0.5
