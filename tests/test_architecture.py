"""The rooms' rules: imports run one way, and the core prints, draws and opens nothing in secret."""

import ast
import graphlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

CORE, PAGES = ROOT / "seqgan_core", ROOT / "pages"

# What each room may import of the others; rooms that are missing here may not exist.
MAY_IMPORT = {
    "paper": {"paper"},
    "tasks": {"paper", "media", "tasks"},
    "training": {"paper", "tasks", "training"},
    "runs": {"paper", "tasks", "training", "runs"},
    "bench": {"paper", "training", "bench"},
    "insight": {"paper", "tasks", "media", "training", "runs", "insight"},
    "judge": {"paper", "tasks", "training", "runs", "insight", "judge"},
    "cli": {
        "paper",
        "tasks",
        "media",
        "training",
        "runs",
        "insight",
        "judge",
        "bench",
        "figures",
        "cli",
    },
    "__main__": {"cli"},
    "__init__": {"training", "runs"},
    "figures": {"figures", "insight", "judge"},  # types of results, for annotations alone
    "media": {"media"},
    "messages": {"media"},  # what makes text from anywhere visible
}
# Of other rooms, the only modules that may be imported; they load neither torch nor scipy.
TYPES = {
    "figures": {
        f"seqgan_core.judge.{name}" for name in ("report", "mean_curves", "study", "one_at_a_time")
    }
}
BANNED_LIBRARIES = {
    "figures": {"torch", "streamlit"},
    "paper": {"pandas", "plotly", "streamlit", "sqlite3", "random"},
    "tasks": {"plotly", "streamlit", "sqlite3", "random"},
    "training": {"pandas", "plotly", "streamlit", "sqlite3", "random"},
    "insight": {"plotly", "streamlit", "sqlite3", "random"},
    "judge": {"plotly", "streamlit", "sqlite3", "random"},
}
# Which room of pages/ui a page's script belongs to; by default the one of its own name.
SCREEN_OF = {"poems": "make", "speeches": "make", "music": "make", "training_lab": "lab"}
# Draws of torch that take `generator=`; without it they use the state that all threads share.
DRAWS = {"rand", "randn", "randint", "randperm", "multinomial", "bernoulli", "normal", "poisson"}
DRAWS |= {"normal_", "uniform_", "bernoulli_", "exponential_", "random_", "geometric_", "cauchy_"}
DRAWS |= {"trunc_normal_", "xavier_uniform_", "xavier_normal_", "orthogonal_"}
DRAWS |= {"kaiming_uniform_", "kaiming_normal_"}
# Draws that cannot be given one, and what sets or reads the shared state.
NEVER = {"rand_like", "randn_like", "randint_like", "manual_seed_all", "set_rng_state"}
NEVER |= {
    "dropout",
    "alpha_dropout",
    "feature_dropout",
    "Dropout",
    "AlphaDropout",
    "gumbel_softmax",
}
SEEDING = {"torch.manual_seed", "torch.seed", "torch.random.manual_seed", "torch.cuda.manual_seed"}
NUMPY_EXPLICIT = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox"}


def modules(room: str = "") -> list[Path]:
    paths = sorted(CORE.rglob("*.py"))
    return [path for path in paths if not room or room_of(path) == room]


def room_of(path: Path) -> str:
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that a file imports, relative imports resolved."""
    package = ["seqgan_core", *path.relative_to(CORE).parts[:-1]] if CORE in path.parents else []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, module
            for name in node.names:
                yield node.lineno, f"{module}.{name.name}"


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a file with its dotted name; a call's or an index's result is `?`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def shared_draws(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of calls that draw from, or set, the process-wide random state."""
    for call, name in calls(path):
        *owners, last = name.split(".")
        given = {keyword.arg for keyword in call.keywords}
        if owners[-2:] in (["np", "random"], ["numpy", "random"]):
            shared = last not in NUMPY_EXPLICIT or not (call.args or call.keywords)
        elif last in DRAWS and owners:
            shared = "generator" not in given
        else:
            shared = (last in NEVER and bool(owners)) or name in SEEDING
        if shared:
            yield call.lineno, name


def test_every_room_is_known() -> None:
    assert {room_of(path) for path in modules()} <= set(MAY_IMPORT)


def test_imports_run_one_way() -> None:
    wrong = []  # every room may use the messages
    for path in modules():
        for line, name in imports(path):
            parts = name.split(".")
            if parts[0] != "seqgan_core" or len(parts) < 2:
                continue
            is_room = parts[1] in MAY_IMPORT or (CORE / parts[1]).is_dir()
            if any(f"{name}.".startswith(f"{m}.") for m in TYPES.get(room_of(path), ())):
                continue
            if is_room and parts[1] not in MAY_IMPORT[room_of(path)] | {"messages"}:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_types_for_figures_load_nothing_heavy() -> None:
    for name in sorted(set().union(*TYPES.values())):
        code = f"import sys, {name}; print(*{{'torch', 'scipy'}} & set(sys.modules))"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "", name


def test_imports_run_in_no_circle() -> None:
    """Between modules of the core and of the pages, wherever in a file an import stands."""
    known = {name_of(path): path for path in [*modules(), *page_modules()]}
    graph = {
        name: {imported for _, imported in imports(path) if imported in known} - {name}
        for name, path in known.items()
    }
    assert sum(map(len, graph.values())) > len(graph)  # else this test sees nothing
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def page_modules() -> list[Path]:
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]


def test_streamlit_lives_in_app_and_pages_only() -> None:
    outside = [path for path in modules() if "streamlit" in top_levels(path)]
    assert not outside
    pages = map(top_levels, page_modules())
    assert any("streamlit" in names for names in pages)  # else this test sees nothing


@pytest.mark.parametrize("room", sorted(BANNED_LIBRARIES))
def test_rooms_leave_libraries_alone(room: str) -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in modules(room)
        if (names := top_levels(path) & BANNED_LIBRARIES[room])
    }
    assert not found


def test_pages_never_touch_a_trainer() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in page_modules()
        for line, name in imports(path)
        if name.startswith(
            (
                "seqgan_core.training.trainer",
                "seqgan_core.training.algorithm",
                "seqgan_core.training.steps",
                "seqgan_core.training.learners",
            )
        )
    ]
    assert not wrong, "\n".join(wrong)


def screen_of(path: Path) -> str:
    """The screen that a file under pages/ belongs to; "" for what belongs to none of them."""
    parts = path.relative_to(PAGES).with_suffix("").parts
    if parts[0] == "ui":
        return parts[1] if len(parts) > 2 else ""
    return SCREEN_OF.get(parts[0], parts[0])


def test_every_screen_has_its_page() -> None:
    rooms = {path.name for path in (PAGES / "ui").iterdir() if (path / "__init__.py").is_file()}
    assert rooms - {"common"} == {screen_of(path) for path in PAGES.glob("*.py")}


def test_a_screen_imports_only_itself_and_what_is_common() -> None:
    wrong = []
    for path in [ROOT / "app.py", *sorted(PAGES.rglob("*.py"))]:
        own = screen_of(path) if PAGES in path.parents else "common"
        for line, name in imports(path):
            if not name.startswith("pages") or name in ("pages.ui", "pages.ui.common"):
                continue
            if name.split(".")[:2] != ["pages", "ui"] or name.split(".")[2] not in ("common", own):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_no_printing_in_the_core() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in modules()
        for call, name in calls(path)
        if name in ("print", "pprint", "pprint.pprint")
    ]
    assert not found


@pytest.mark.parametrize("room", ["paper", "tasks", "training"])
def test_no_process_wide_randomness(room: str) -> None:
    assert modules(room)
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in modules(room)
        for line, name in shared_draws(path)
    ]
    assert not found, "\n".join(found)


def test_the_search_for_randomness_finds_it(tmp_path: Path) -> None:
    shared = (
        "torch.rand(3)\nx.normal_()\nF.dropout(x)\nnp.random.rand(2)\nnp.random.default_rng()\n"
    )
    explicit = "torch.rand(3, generator=g)\nnp.random.default_rng(7)\nrandint(3)\n"
    file = tmp_path / "draws.py"
    file.write_text(shared + explicit, encoding="utf-8")
    assert [line for line, _ in shared_draws(file)] == [1, 2, 3, 4, 5]


def top_levels(path: Path) -> set[str]:
    return {name.split(".")[0] for _, name in imports(path)}


def dotted_modules(rooms: set[str]) -> list[str]:
    return [name_of(path) for path in modules() if room_of(path) in rooms]


PROBE = """
import importlib, json, os, random, signal, sys, threading
import numpy, rich.style, torch  # rich draws an id from the random state when it is imported
def state():
    return {
        "threads of torch": torch.get_num_threads(),
        "default type": str(torch.get_default_dtype()),
        "torch's random state": hash(torch.random.get_rng_state().numpy().tobytes()),
        "numpy's random state": hash(numpy.random.get_state()[1].tobytes()),
        "python's random state": hash(random.getstate()),
        "threads": threading.active_count(),
        "handlers": [str(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM)],
        "folder": os.getcwd(),
        "environment": dict(os.environ),
    }
before = state()
for name in sys.argv[1:]:
    importlib.import_module(name)
after = state()
json.dump({
    "changed": [name for name in before if before[name] != after[name]],
    "loaded": sorted({name.split(".")[0] for name in sys.modules}),
}, sys.stdout)
"""


def import_elsewhere(names: list[str], folder: Path) -> dict[str, list[str]]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "SEQGAN_HOME": str(folder / "runs"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *names],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_importing_the_core_changes_nothing(tmp_path: Path) -> None:
    rooms = set(MAY_IMPORT) - {"__main__"}
    found = import_elsewhere(dotted_modules(rooms), tmp_path)
    assert found["changed"] == []
    assert "streamlit" not in found["loaded"]
    assert list(tmp_path.iterdir()) == []


def test_training_needs_no_tables_charts_or_pages(tmp_path: Path) -> None:
    light = dotted_modules({"__init__", "paper", "tasks", "training"})
    assert {"seqgan_core", "seqgan_core.paper", "seqgan_core.training"} <= set(light)
    found = import_elsewhere(light, tmp_path)
    assert not {"pandas", "plotly", "streamlit", "matplotlib"} & set(found["loaded"])


def test_rooms_can_be_taken_in_at_a_glance() -> None:
    """A folder with more entries than this wants to be two."""
    most = 17
    folders = [CORE, ROOT / "pages", ROOT / "tests", ROOT / "assets"]
    folders += [path for folder in folders for path in folder.rglob("*") if path.is_dir()]
    entries = {
        folder: [path for path in folder.iterdir() if path.name != "__pycache__"]
        for folder in folders
        if folder.name != "__pycache__"
    }
    crowded = {str(f.relative_to(ROOT)): len(e) for f, e in entries.items() if len(e) > most}
    assert not crowded
