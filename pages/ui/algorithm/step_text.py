"""What a step of a trace did, in one or two sentences with its numbers."""

from collections.abc import Iterator
from typing import Any

from seqgan_core.messages import _, remark
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.trace.trace_file import Step, Trace

State = dict[str, Any]


def step_texts(trace: Trace) -> list[str]:
    """A text for every step of the trace."""
    before: State = {}
    texts = []
    for step, state in zip(trace.steps, trace.states(), strict=True):
        texts.append(" ".join(_sentences(step, state, before, trace.config)))
        before = state
    return texts


def _sentences(step: Step, now: State, before: State, config: TrainConfig) -> Iterator[str]:
    match step.line:
        case 1:
            first, scores = now["first"], now.get("real_scores")
            yield remark("step.begun", v=config.vocab_size, low=min(first), high=max(first))
            yield (
                remark("step.begun-d", low=min(scores), high=max(scores))
                if scores is not None
                else _("There is no D in this trace.")
            )
        case 2:
            yield remark("step.mle", n=now["mle_updates"], far=now["theta_moved"])
            yield _nll(now, before)
        case 3 | 18:
            same = now["beta_is_theta"]
            yield remark("step.same") if same else remark("step.copy", far=now["beta_distance"])
        case 4 | 15:
            yield remark("step.negatives", n=len(now["fake"]), m=len(now["real"]))
            yield _verdict(now, "")
        case 5 | 16:
            yield remark("step.d-loss", was=before["d_loss"], now=now["d_loss"])
            yield _verdict(now, "_after")
        case 6:
            yield _("Round {n} of {of} begins.").format(n=step.round, of=config.rounds)
        case 7:
            text = _("G's update {n} of {of} in this round.")
            yield text.format(n=step.g_step, of=config.g_steps)
        case 8:
            yield remark("step.samples", n=len(now["y"]), rows=_rows(now, config.sequence_length))
            p, b, t = min((p, b, t) for b, row in enumerate(now["p"]) for t, p in enumerate(row))
            yield remark("step.least-likely", token=now["y"][b][t], t=t + 1, b=b + 1, p=p)
        case 9:
            assert step.t is not None
            key = "step.finished" if step.t == config.sequence_length else "step.prefixes"
            yield remark(key, t=step.t, rows=_rows(now, step.t))
        case 10:
            yield from _valued(step, now)
        case 11:
            yield remark("step.q", low=min(map(min, now["q"])), high=max(map(max, now["q"])))
        case 12:
            yield from _updated(now, before, config)
        case 13:
            yield _("G's updates in this round are done.")
        case 14:
            yield _("D's step {n} of {of} in this round.").format(n=step.d_step, of=config.d_steps)
        case 17:
            yield remark("step.no-d-steps") if config.d_steps == 0 else remark("step.d-steps-done")
        case 19:
            key = "step.next-round" if now["rounds_left"] else "step.last-round"
            yield remark(key, n=step.round, left=now["rounds_left"])


def _rows(now: State, length: int) -> str:
    """The beginnings of the samples."""
    return "; ".join(" ".join(map(str, row[:length])) for row in now["y"])


def _nll(now: State, before: State) -> str:
    was, is_ = before["nll_real"], now["nll_real"]
    return remark(f"step.nll-{'fell' if is_ < was else 'rose'}", was=was, now=is_)


def _verdict(now: State, when: str) -> str:
    real, fake = now[f"real_scores{when}"], now[f"fake_scores{when}"]
    n, means = len(real) + len(fake), [sum(scores) / len(scores) for scores in (real, fake)]
    right = round(now["d_accuracy"] * n)
    return remark("step.verdict", real=means[0], fake=means[1], right=right, n=n)


def _valued(step: Step, now: State) -> Iterator[str]:
    assert step.t is not None
    if now["completions"] is None:
        yield remark("step.constant", q=now["q"][0][step.t - 1])
        return
    for b, scores in enumerate(now["completion_scores"]):
        how = "many" if len(scores) > 4 else "one" if len(scores) == 1 else "few"
        yield remark(
            f"step.scores-{how}", b=b + 1, token=now["y"][b][step.t - 1], t=step.t,
            scores=", ".join(f"{score:.3f}" for score in scores), q=now["q"][b][step.t - 1],
            n=len(scores), low=min(scores), high=max(scores),
        )  # fmt: skip


def _updated(now: State, before: State, config: TrainConfig) -> Iterator[str]:
    if "v" in now:
        yield remark("step.weight", q=now["q"][0][0], v=now["v"][0][0], w=now["weights"][0][0])
    norm, clip = now["grad_norm"], config.max_grad_norm
    key = "step.clipped" if norm > clip else "step.moved"
    yield remark(key, far=now["theta_moved"], norm=norm, clip=clip)
    moves = [
        (after - p, b, t)
        for b, rows in enumerate(zip(now["p"], now["p_after"], strict=True))
        for t, (p, after) in enumerate(zip(*rows, strict=True))
    ]
    up = sum(move > 0 for move, _b, _t in moves)
    _move, b, t = max(moves, key=lambda move: abs(move[0]))
    yield remark(
        "step.chosen", up=up, n=len(moves), token=now["y"][b][t], t=t + 1, b=b + 1,
        was=now["p"][b][t], now=now["p_after"][b][t],
    )  # fmt: skip
    yield _nll(now, before)
