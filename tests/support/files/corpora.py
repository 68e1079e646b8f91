"""Real corpora where the machine has them, hand-made ones, and a server that misbehaves."""

import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.paths import ROOT

MIRROR = Path(os.environ.get("SEQGAN_CORPUS_MIRROR") or ROOT.parent / "shared" / "corpora")
needs_mirror = pytest.mark.skipif(
    not (MIRROR / "poems" / "tang_quatrains.txt").is_file(),
    reason="the corpora are not here; SEQGAN_CORPUS_MIRROR says where they are",
)

HANDFUL = """天 地 人 山 水 ， 日 月 星 风 云 。 春 夏 秋 冬 年 ， 花 草 木 石 泉 。
一 二 三 四 五 ， 六 七 八 九 十 。 东 西 南 北 中 ， 上 下 左 右 前 。
一 二 三 四 五 ， 六 七 八 九 十 。 东 西 南 北 中 ， 大 小 多 少 长 。
"""  # the second and the third have three lines in common


@dataclass
class Server:
    """Serves bytes by path; keeps what it was asked.

    Attributes:
        files: what there is, by path ("/a.txt").
        requests: path and Range of every request.
        breaks: after so many bytes it closes the connection, once for each number.
        ranges: whether it goes on where it is asked to.
    """

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    ranges: bool = True

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serving(**files: bytes) -> Iterator[Server]:
    state = Server(files={f"/{name}": data for name, data in files.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            range_header = self.headers.get("Range")
            state.requests.append((self.path, range_header))
            data = state.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            start = int(range_header.removeprefix("bytes=").rstrip("-")) if range_header else 0
            if start and start >= len(data):
                self.send_error(416)
                return
            if start and state.ranges:
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
                data = data[start:]
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if state.breaks:
                self.wfile.write(data[: state.breaks.pop(0)])
                self.close_connection = True
                return
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


BLAKE = """[Poems by a Test 1789]

 SONGS OF THE TEST

 THE RIVER

 Down the river went a boat,
   Singing as it went afloat;
 And the river said to me,
   "Never, never reach the sea!"

 Down the river went a boat,
   And I wrote what no one wrote.
"""
MILTON = "[A Lost Test 1667] \n\n\nBook I \n\n\n" + "".join(
    f"Of line the {word}, which nobody has read, \n"
    for word in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
)
PLAY = """[The Tragedie of a Test 1599]


Actus Primus. Scoena Prima.

Enter Tester and Checker two Centinels.

  Tester. Who's there?
  Check. Nay answer me: Stand & vnfold
your selfe

   Test. Long liue the King that sits vpon his throne,
And let the watch goe on vntill the morne
Enter the Ghost.

Looke where it comes againe, in blacke array

   Test. What, ha's this thing appear'd againe to night

   Check. Yes

Exeunt.
"""
WHITMAN = """[Leaves of a Test 1855]

}  One's-Self I Test

One's-self I test, a simple separate person,
Yet utter the word Broken, and go on so long that the
    line is broken in the middle,
     But really build a test of mine.
"""


def write_gutenberg(path: Path, **changed: str) -> Path:
    """A zip laid out as NLTK's gutenberg.zip, with a few lines in each book."""
    books = {"blake-poems.txt": BLAKE, "milton-paradise.txt": MILTON}
    books |= {f"shakespeare-{play}.txt": PLAY for play in ("caesar", "hamlet", "macbeth")}
    books |= {"whitman-leaves.txt": WHITMAN}
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in books.items():
            if changed.get(name, text):
                archive.writestr(f"gutenberg/{name}", changed.get(name, text))
    return path
