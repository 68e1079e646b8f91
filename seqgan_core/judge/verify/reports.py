"""Comparisons and studies, recomputed from the values of their runs with numpy and scipy alone."""

from __future__ import annotations

import math
from collections import defaultdict
from statistics import mode

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from seqgan_core.judge.report import ALPHA, Difference, Report
from seqgan_core.judge.study import Study, StudyRun
from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Message
from seqgan_core.training.config import make_config
from seqgan_core.training.setup.presets import preset

FLOAT32 = 1e-4  # nats: by which the same NLL_test, summed in another order, may differ
_AFTER_MLE = ("d_", "g_steps", "g_batch", "g_learning", "n_rollouts", "rollout", "q_", "rounds")


def check_comparison(report: Report) -> Check:
    """Means, intervals, tests and effects; besides, what the file holds twice."""
    check = Check(Message("comparison"), report.versions)
    values = {row.strategy: [result.values for result in row.results] for row in report.rows}
    for row in report.rows:
        for metric, summary in row.summary.items():
            x = np.array([of_run[metric] for of_run in values[row.strategy]])
            half = None if len(x) < 2 else stats.t.ppf(1 - ALPHA / 2, len(x) - 1) * stats.sem(x)
            low, high = (None, None) if half is None else (x.mean() - half, x.mean() + half)
            place = f"rows.{row.strategy}.{metric}"
            check.parts(place, summary, n=len(x), mean=x.mean(), low=low, high=high)
    for metric, tests in report.over_runs.items():
        for test in tests:
            both = [
                [of_run[metric] for of_run in values[name]] for name in (test.first, test.second)
            ]
            _welch(check, f"over_runs.{metric}.{test.first}", test, *map(np.array, both))
        _holm(check, f"over_runs.{metric}", tests)
    for metric, tests in report.over_sentences.items():
        for test in tests:
            place = f"over_sentences.{metric}.{test.first}"
            difference = values[test.first][0][metric] - values[test.second][0][metric]
            check.equal(f"{place}.difference", test.difference, difference, FLOAT32)
            _one_error(check, place, test)
        _holm(check, f"over_sentences.{metric}", tests)
    for ceiling in report.ceilings:
        for name, summary in [*ceiling.bleu.items(), *ceiling.others.items()]:
            if summary.low is not None and summary.high is not None:
                middle = (summary.low + summary.high) / 2
                check.equal(f"ceilings.{ceiling.name}.{name}", summary.mean, middle)
    _measured_again(check, report)
    return check


def _welch(check: Check, place: str, test: Difference, x: np.ndarray, y: np.ndarray) -> None:
    n, m = len(x), len(y)
    check.parts(place, test, difference=x.mean() - y.mean(), n_first=n, n_second=m)
    if np.ptp(x) or np.ptp(y):
        welch = stats.ttest_ind(x, y, equal_var=False)
        low, high = welch.confidence_interval(1 - ALPHA)
        pooled = math.sqrt(((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / (n + m - 2))
        g = (x.mean() - y.mean()) / pooled * (1 - 3 / (4 * (n + m) - 9))  # Hedges
        check.parts(place, test, low=low, high=high, p=welch.pvalue, effect=g)


def _holm(check: Check, place: str, tests: tuple[Difference, ...]) -> None:
    corrected = multipletests([test.p for test in tests], method="holm")[1]
    for test, p_holm in zip(tests, corrected, strict=True):
        check.parts(f"{place}.{test.first}", test, p_holm=float(p_holm))


def _one_error(check: Check, place: str, test: Difference) -> None:
    """A test without its raw values: interval, p and effect state the same standard error.

    Unpaired, the degrees of freedom are between n - 1 and 2n - 2, which is near for a large n.
    """
    n, half = test.n_first, test.high - test.difference
    check.parts(place, test, low=test.difference - half)
    if half > 0:
        df = n - 1 if getattr(test, "paired", False) else 2 * n - 2
        t = test.difference / half * stats.t.ppf(1 - ALPHA / 2, df)
        effect = t / math.sqrt(n) if getattr(test, "paired", False) else t * math.sqrt(2 / n)
        check.equal(f"{place}.effect", test.effect, effect, abs(effect) / 50)
        if test.p > 1e-300:  # below, a float holds no p
            check.equal(f"{place}.p", stats.t.isf(test.p / 2, df), abs(t), abs(t) / 50)


def _measured_again(check: Check, report: Report) -> None:
    """The model of a run's last evaluation, and of temperature 1, is the one that was measured."""
    known = [(curve.run, "curves", curve.column("nll_test")[-1:]) for curve in report.curves]
    results = {result.run: result.values for row in report.rows for result in row.results}
    for row in report.rows:
        runs = {result.seed: result.run for result in row.results}
        for sweep in report.frontier.get(row.strategy, ()):
            at_1 = tuple(point.nll_test for point in sweep.points if point.temperature == 1)
            known.append((runs.get(sweep.seed, ""), "frontier", at_1))
    for run, name, values in known:
        for value in values:
            measured = results.get(run, {}).get("nll_test", value)
            check.equal(f"{name}.{run}.nll_test", value, measured, FLOAT32)


def check_study(study: Study) -> Check:
    """Settings, switch and order of every run, and the MLE that runs of one seed share."""
    check = Check(Message("study"), study.versions)
    base = preset(study.preset)
    for name, value in study.config.items():
        check.equal(f"config.{name}", value, base.model_dump(mode="json").get(name))
    alike: dict[tuple[object, ...], list[StudyRun]] = defaultdict(list)
    for run in study.runs:
        config = make_config(base, **run.settings)
        check.parts(run.run, run, switch=config.pretrain_epochs, epoch=tuple(sorted(run.epoch)))
        check.parts(run.run, run, seconds=tuple(sorted(run.seconds)))
        if run.status == "finished":
            check.equal(f"{run.run}.epoch", run.epoch[-1], run.switch + config.rounds)
        of_mle = tuple(value for name, value in config if not name.startswith(_AFTER_MLE))
        alike[run.seed, of_mle].append(run)
    for runs in alike.values():
        for at in range(min(run.epoch.index(run.switch) for run in runs) + 1):
            for name in ("nll_oracle", "nll_test"):
                values = {run.run: getattr(run, name)[at] for run in runs}
                for run_id, value in values.items():
                    check.equal(f"{run_id}.{name}.{at}", value, mode(values.values()))
    check.notes.append(Message("evaluations after MLE stand in the file once"))
    return check
