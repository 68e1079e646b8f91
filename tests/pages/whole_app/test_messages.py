"""Words that people read can be translated: how they are marked, and what is raised."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from seqgan_core.training import config
from seqgan_core.training.config import TrainConfig
from tests.support.paths import ROOT

TEXTS = ROOT / "assets" / "text" / "en"
FIELDS = re.compile(r"\{([\w.]+)(?:!r)?(?::[^}]*)?\}")
TRANSLATES = {"_", "ngettext"}
WIDGETS = {
    "button", "checkbox", "chat_input", "data_editor", "date_input", "download_button",
    "feedback", "file_uploader", "form_submit_button", "menu_button", "multiselect",
    "number_input", "pills", "radio", "segmented_control", "select_slider", "selectbox", "slider",
    "text_area", "text_input", "toggle",
}  # fmt: skip


def files(*folders: str) -> list[Path]:
    return [ROOT / "app.py", *(path for name in folders for path in (ROOT / name).rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def none(offenders: list[str]) -> None:
    assert not offenders, "\n" + "\n".join(offenders)


def test_nothing_is_translated_at_import() -> None:
    """A module is read once, in no one's language: constants use `N_`."""
    offenders = []
    for path in files("pages", "seqgan_core")[1:]:  # app.py itself is run for each session
        pending: list[ast.AST] = [tree(path)]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Call) and name_of(node) in TRANSLATES:
                offenders.append(place(path, node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                defaults = [default for default in node.args.kw_defaults if default]
                pending += [*node.decorator_list, *node.args.defaults, *defaults]
            elif not isinstance(node, ast.Lambda):
                pending += ast.iter_child_nodes(node)
    none(offenders)


def test_what_is_translated_is_whole_and_was_marked() -> None:
    """A literal, or a name that holds one marked by `N_`: no sentence put together at run time."""
    none(
        [
            place(path, call)
            for path in files("pages", "seqgan_core")
            for call in calls(path)
            if name_of(call) in {*TRANSLATES, "N_"} and not whole(call.args[0])
        ]
    )


def whole(text: ast.expr) -> bool:
    """A literal, a name, a choice between two, or what a table has for a key."""
    if isinstance(text, ast.IfExp):
        return whole(text.body) and whole(text.orelse)
    if isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute):
        return text.func.attr == "get"
    return isinstance(text, ast.Constant | ast.Name | ast.Attribute | ast.Subscript)


def test_plurals_are_left_to_the_catalogue() -> None:
    none(
        [
            place(path, node)
            for path in files("pages", "seqgan_core")
            for node in ast.walk(tree(path))
            if isinstance(node, ast.IfExp)
            and {"s", "es"} & {getattr(end, "value", None) for end in (node.body, node.orelse)}
        ]
    )


def test_every_widget_has_a_key_of_its_own() -> None:
    """Else its state hangs on its label, and a changed or translated label resets it."""
    none(
        [
            f"{place(path, call)} {ast.unparse(call.func)}"
            for path in files("pages")
            for call in calls(path)
            if isinstance(call.func, ast.Attribute)
            and call.func.attr in WIDGETS
            and not {"key", None} & {keyword.arg for keyword in call.keywords}
        ]
    )


def test_every_error_for_people_has_a_code() -> None:
    problems = problem_classes()
    assert {"ConfigError", "StoreError"} <= problems
    none(
        [
            f"{place(path, call)} {ast.unparse(call)[:70]}"
            for path in files("pages", "seqgan_core")
            for call in calls(path)
            if name_of(call) in problems and not call.args
        ]
    )


def test_the_long_sentences_of_errors_are_all_there_and_used() -> None:
    known, used, problems = paragraphs("errors"), set(), problem_classes()
    for path in files("pages", "seqgan_core"):
        for call in calls(path):
            if name_of(call) not in problems or len(call.args) != 1:
                continue
            given = {k.arg for k in call.keywords}
            keys = set(constants(call.args[0]))
            used |= keys
            for key in keys:
                fields = fields_of(known[key])
                assert None in given or fields == given or (len(keys) > 1 and fields < given), key
    fields = {*TrainConfig.model_fields, "n_negatives"}
    for key in config._RULES:
        assert fields_of(known[key]) <= fields, key
    assert used | set(config._RULES) == set(known)


def test_every_remark_is_shown_and_all_that_are_shown_are_there() -> None:
    """Keys are literals, or f-strings whose gap is a task, a page or a number."""
    known = paragraphs("remarks")
    assert len(known) > 100
    nodes = [node for path in files("pages", "seqgan_core") for node in ast.walk(tree(path))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    remarks = [node for node in nodes if isinstance(node, ast.Call) and name_of(node) == "remark"]
    made = [call.args[0] for call in remarks if isinstance(call.args[0], ast.JoinedStr)]
    none([ast.unparse(text) for text in made if not any(map(pattern(text).fullmatch, known))])
    patterns = [pattern(text) for text in made]
    none([key for key in known if key not in texts and not any(p.fullmatch(key) for p in patterns)])
    for call in remarks:
        given = {keyword.arg for keyword in call.keywords}
        if isinstance(call.args[0], ast.Constant) and None not in given:
            key = str(call.args[0].value)
            assert fields_of(known[key]) == given, key


def paragraphs(name: str) -> dict[str, str]:
    """Those of a text of assets by their headings, of which none is there twice."""
    text = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (\S+)\n\n((?:.+\n)+)", text, re.M)
    assert len(dict(found)) == len(found)
    return dict(found)


def constants(text: ast.expr) -> Iterator[str]:
    """The literal, or both of a choice."""
    if isinstance(text, ast.IfExp):
        yield from (*constants(text.body), *constants(text.orelse))
    elif isinstance(text, ast.Constant):
        yield text.value


def fields_of(text: str) -> set[str]:
    return {name.partition(".")[0] for name in FIELDS.findall(text)}


def pattern(text: ast.JoinedStr) -> re.Pattern[str]:
    """What the keys look like that an f-string makes."""
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z_0-9]+"
             for part in text.values]  # fmt: skip
    return re.compile("".join(parts))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """`f` for `f(…)` and `module.f(…)`."""
    return ast.unparse(call.func).rsplit(".", 1)[-1]


def problem_classes() -> set[str]:
    """The names of all classes that come from `Problem`."""
    bases = {
        node.name: {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}
        for path in files("pages", "seqgan_core")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    found = {"Problem"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found
