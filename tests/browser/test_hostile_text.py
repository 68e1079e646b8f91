"""Names that want to act, in a real browser: they are read as text on a report and in a notice."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from seqgan_core.media.visible_text import visible_text
from tests.browser.conftest import Window, end, innocent, serve
from tests.support.hostile import HOSTILE, MARKUP, Place

pytestmark = pytest.mark.browser


def test_hostile_names_are_text(hostile_place: Place, desk: Window, tmp_path: Path) -> None:
    place = hostile_place.copy(tmp_path / "made")
    server = serve(place.home, tmp_path / "server.log", place.folder / "models")
    try:
        page = desk.open(f"{server.address}/music?tab=train")
        page.locator('input[type="file"]').set_input_files(
            {"name": f"{HOSTILE}.mid", "mimeType": "audio/midi",
             "buffer": place.file("mid").read_bytes()}
        )  # fmt: skip
        report = page.get_by_role("region", name="The part used of each file")
        expect(report).to_contain_text(visible_text(HOSTILE[:30]))
        expect(report).to_contain_text("part 1 ([red]<b>*x*$y$:red[z]<U+001B>")
        expect(report.locator("b")).to_have_count(0)
        # A name where Streamlit reads Markdown: the address asks for a run that is not here.
        page = desk.open(f"{server.address}/lab?run=:smile::material/menu:{MARKUP}")
        notice = page.get_by_role("alert").filter(has_text="There is no run")
        words = f":\u200asmile::\u200amaterial/menu:{MARKUP} in this library; {MARKUP}<U+001B>[2J"
        expect(notice).to_be_visible()
        assert words in notice.inner_text()
        expect(notice.locator("b, em, .katex, img, a")).to_have_count(0)
        innocent(desk)
    finally:
        end(server)
