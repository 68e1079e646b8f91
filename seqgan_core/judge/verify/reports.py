"""Comparisons and studies, recomputed from the values of their runs with numpy and scipy alone."""

import math
from collections import defaultdict
from statistics import mode
from typing import Any

import numpy as np
from scipy import stats

from seqgan_core.judge.report import ALPHA, CURVE, Difference, Report
from seqgan_core.judge.study import Study, StudyRun
from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Message
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup.presets import preset

FLOAT32 = 1e-4  # nats: by which the same NLL_test, summed in another order, may differ
_AFTER_MLE = ("d_", "g_steps", "g_batch", "g_learning", "n_rollouts", "rollout", "q_", "rounds")


def check_comparison(report: Report) -> Check:
    """Means, intervals, tests and effects; besides, what the file holds twice."""
    check = Check(Message("comparison"), report.versions)
    values = {
        row.strategy: {
            metric: np.array([result.values[metric] for result in row.results])
            for metric in row.summary
        }
        for row in report.rows
    }
    for row in report.rows:
        for metric, x in values[row.strategy].items():
            half = stats.t.ppf(1 - ALPHA / 2, len(x) - 1) * stats.sem(x) if len(x) > 1 else None
            low, high = (None, None) if half is None else (x.mean() - half, x.mean() + half)
            computed = {"n": len(x), "mean": x.mean(), "low": low, "high": high}
            check.equal(f"rows.{row.strategy}.{metric}", row.summary[metric], computed)
    for name, by_metric in (("runs", report.over_runs), ("sentences", report.over_sentences)):
        for metric, tests in by_metric.items():
            p_holm = 0.0
            for k, test in enumerate(sorted(tests, key=lambda test: test.p)):
                p_holm = max(p_holm, min(1.0, test.p * (len(tests) - k)))  # Holm's k-th step
                x, y = values[test.first][metric], values[test.second][metric]
                place = f"over_{name}.{metric}.{test.first}"
                check.equal(f"{place}.p_holm", test.p_holm, p_holm, 0.0)
                if name == "runs":
                    computed = _welch(x, y)
                    check.equal(f"{place}.p", test.p, computed.pop("p"), 0.0)
                    check.equal(place, test, computed)
                else:
                    check.equal(f"{place}.difference", test.difference, x[0] - y[0], FLOAT32)
                    _one_error(check, place, test)
    for ceiling in report.ceilings:
        for key, part in [*ceiling.bleu.items(), *ceiling.others.items()]:
            if part.low is not None and part.high is not None:
                middle = (part.low + part.high) / 2
                check.equal(f"ceilings.{ceiling.name}.{key}.mean", part.mean, middle)
    # The model of a run's last evaluation, and of temperature 1, is the one that was measured.
    last = {curve.run: list(curve.column("nll_test")[-1:]) for curve in report.curves}
    for row in report.rows:
        at_1 = {
            sweep.seed: [point.nll_test for point in sweep.points if point.temperature == 1]
            for sweep in report.frontier.get(row.strategy, ())
        }
        for run in row.results:
            for nll in last.get(run.run, []) + at_1.get(run.seed, []):
                place = f"rows.{row.strategy}.{run.run}.nll_test"
                check.equal(place, run.values.get("nll_test"), nll, FLOAT32)
    # So is the model of an epoch, where it was evaluated when MLE reached it.
    reached = {
        (curve.seed, epoch): nll
        for curve in report.curves
        if curve.strategy == CURVE
        for epoch, nll in zip(curve.epoch, curve.column("nll_test"), strict=True)
    }
    unchanged = [(report.config.get("pretrain_epochs", 0), report.controls.get("tilt", ()))]
    for epoch, sweeps in [*report.stopping.items(), *unchanged]:
        for sweep in sweeps:
            for point in sweep.points:
                if not point.setting and point.temperature == 1 and (sweep.seed, epoch) in reached:
                    place, nll = f"stopping.{epoch}.{sweep.seed}", reached[sweep.seed, epoch]
                    check.equal(f"{place}.nll_test", point.nll_test, nll, FLOAT32)
    return check


def _welch(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """Welch's test and Hedges' g."""
    n, m, difference = len(x), len(y), x.mean() - y.mean()
    computed = {"difference": difference, "n_first": n, "n_second": m}
    computed["p"] = 1.0 if difference == 0 else 0.0  # where neither varies
    if np.ptp(x) or np.ptp(y):
        test = stats.ttest_ind(x, y, equal_var=False)
        low, high = test.confidence_interval(1 - ALPHA)
        pooled = math.sqrt(((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / (n + m - 2))
        effect = difference / pooled * (1 - 3 / (4 * (n + m) - 9))
        computed |= {"low": low, "high": high, "p": test.pvalue, "effect": effect}
    return computed


def _one_error(check: Check, place: str, test: Difference) -> None:
    """A test without its raw values: interval, p and effect state the same standard error.

    Unpaired, the degrees of freedom are between n - 1 and 2n - 2, which is near for a large n.
    """
    n, half = test.n_first, test.high - test.difference
    check.equal(f"{place}.low", test.low, test.difference - half)
    if half > 0:
        df = n - 1 if test.paired else 2 * n - 2
        t = test.difference / half * stats.t.ppf(1 - ALPHA / 2, df)
        effect = t / math.sqrt(n if test.paired else n / 2)
        check.equal(f"{place}.effect", test.effect, effect, abs(effect) / 50)
        if test.p > 1e-300:  # below, a float holds no p
            check.equal(f"{place}.p", stats.t.isf(test.p / 2, df), abs(t), abs(t) / 50)


def check_study(study: Study) -> Check:
    """Settings, switch and order of every run, and the MLE that runs of one seed share."""
    check = Check(Message("study"), study.versions)
    base = preset(study.preset)
    if study.config:
        stored = TrainConfig().model_dump(mode="json") | study.config  # which may be older
        check.equal("config", stored, base.model_dump(mode="json"))
    alike: dict[tuple[object, ...], list[StudyRun]] = defaultdict(list)
    for run in study.runs:
        config = make_config(base, **run.settings)
        known = {name: sorted(getattr(run, name)) for name in ("epoch", "seconds")}
        check.equal(run.run, run, known | {"switch": config.pretrain_epochs})
        if run.status == "finished":
            check.equal(f"{run.run}.epoch", run.epoch[-1], run.switch + config.rounds)
        of_mle = tuple(value for name, value in config if not name.startswith(_AFTER_MLE))
        alike[run.seed, of_mle].append(run)
    for runs in alike.values():
        for at in range(min(run.epoch.index(run.switch) for run in runs) + 1):
            for name in ("nll_oracle", "nll_test"):
                common = mode(getattr(run, name)[at] for run in runs)
                for run in runs:
                    check.equal(f"{run.run}.{name}.{at}", getattr(run, name)[at], common)
    check.notes.append(Message("there is nothing to compare the evaluations after MLE with"))
    return check
