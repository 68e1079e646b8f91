"""Adds the controls without training to a report that was measured without them.

    python -m tests.bench.controls REPORT --home HOME

The runs of the report are in the library at HOME; the report is written in place.
"""

import argparse
from pathlib import Path

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.judge.comparison import CONTROLS, STOPPED_SAMPLES, stops
from seqgan_core.judge.frontier import mixtures
from seqgan_core.judge.report import CURVE, Report, Sweep
from seqgan_core.runs.store import Store
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.training.setup.devices import prepare_cpu


def with_controls(report: Report, models: Models, samples: int = STOPPED_SAMPLES) -> Report:
    """The report with the controls that `compare_runs` measures; the rest stays."""
    n, found = min(report.samples, samples), dict[str, list[Sweep]]()
    for row in report.rows:
        for result in row.results:
            step, by_hand = result.step, {row.strategy: mixtures}
            if row.strategy == CURVE:
                step, by_hand = [*stops(models.store, result.run).values()][-1], CONTROLS
            elif row.strategy != report.reference:
                continue
            for name, control in by_hand.items():
                G, task = models.at(result.run, step).generator, models.task(result.run)
                points = finish(control(G, task, n, result.seed))
                found.setdefault(name, []).append(Sweep(seed=result.seed, points=points))
    return report.model_copy(update={"controls": {k: tuple(v) for k, v in found.items()}})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--home", type=Path, required=True, help="the library with its runs")
    given = parser.parse_args()
    prepare_cpu()
    report = with_controls(Report.load(given.report), Models(Store(given.home)))
    with atomic_write(given.report) as file:
        file.write(report.to_json(indent=1).encode())


if __name__ == "__main__":
    main()
