"""Text leaves the program in few places, where what it hides is made visible; no other is built."""

import ast
from collections.abc import Iterator

from tests.support.paths import ROOT
from tests.test_architecture import CORE, calls, dotted, imports, modules, page_modules

PRINTS = ("cli/common/output.py", "cli/common/progress.py")  # the one place, and its bars
# Of Streamlit: what reads Markdown, and what shows the options of a choice.
MARKDOWN = {"markdown", "title", "header", "subheader", "caption", "error", "warning", "info"}
MARKDOWN |= {"success", "toast", "button", "page_link", "expander", "popover", "table", "progress"}
OPTIONS = {"selectbox", "multiselect", "pills", "segmented_control", "select_slider", "radio"}
OTHERS = {"name", "label", "reason", "example"}  # attributes that hold what others wrote
VISIBLE = {"plain", "escape", "visible_text", "run_label"}
OWN = {"_", "ngettext"}  # what these are given is ours


def test_the_command_line_prints_in_one_place() -> None:
    printing = {"sys.stdout", "sys.stderr", "rich.console", "rich.console.Console", "click.echo"}
    found = {
        path.relative_to(CORE).as_posix(): node.lineno
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and dotted(node) in printing | {"typer.echo"})
        or (isinstance(node, ast.ImportFrom) and node.module in printing)
        or (isinstance(node, ast.Attribute) and dotted(node).startswith("traceback.print"))
    }
    assert set(found) == set(PRINTS), found


def test_pages_escape_through_one_function_each() -> None:
    wrong = []
    for path in page_modules():
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT).as_posix()
        if where != "pages/ui/common/i18n.py":
            wrong += [(where, name) for _, name in imports(path) if name in ("html", "html.escape")]
        if where != "pages/ui/common/component.py":
            wrong += [(where, name) for _, name in calls(path) if "components." in name]
        wrong += [(where, name) for _, name in calls(path) if name in ("st.write", "st.text")]
        wrong += [(where, "unsafe")] * ("unsafe_allow_html" in text)
    assert not wrong


def test_what_others_wrote_is_escaped_where_it_is_shown() -> None:
    assert [*unescaped(ast.parse('st.warning(f"{run.name}")\nst.error(plain(run.name))'))] == [1]
    assert [*unescaped(ast.parse("st.pills(a, b, format_func=lambda n: by_id[n].label)"))] == [1]
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in page_modules()
        for line in unescaped(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not wrong


def unescaped(tree: ast.AST) -> Iterator[int]:
    """Lines where a widget is given a text of somebody's as it is, as far as can be seen here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if dotted(node.func.value) in ("html", "log", "figures"):
                continue
            shown: list[ast.expr] = []
            if node.func.attr in MARKDOWN:
                shown = [*node.args[:2], *(k.value for k in node.keywords if k.arg == "label")]
            elif node.func.attr in OPTIONS:
                shown = [k.value for k in node.keywords if k.arg == "format_func"]
                shown = [expr for expr in shown if isinstance(expr, ast.Lambda)]
            yield from (part.lineno for expr in shown for part in raw_attributes(expr))


def raw_attributes(node: ast.AST) -> Iterator[ast.Attribute]:
    """Attributes that hold what others wrote, outside of the functions that make it visible."""
    if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in VISIBLE | OWN:
        return
    if isinstance(node, ast.Compare):
        return
    if isinstance(node, ast.Attribute) and node.attr in OTHERS and isinstance(node.ctx, ast.Load):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from raw_attributes(child)
