"""What a step of a trace did, in one or two sentences with its numbers."""

from collections.abc import Iterator
from typing import Any

from seqgan_core.messages import _
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.trace.trace_file import Step, Trace

State = dict[str, Any]


def step_texts(trace: Trace) -> list[str]:
    """A text for every step of the trace."""
    before: State = {}
    texts = []
    for step, state in zip(trace.steps, trace.states(), strict=True):
        texts.append(" ".join(filter(None, _sentences(step, state, before, trace.config))))
        before = state
    return texts


def _sentences(step: Step, now: State, before: State, config: TrainConfig) -> Iterator[str]:
    match step.line:
        case 1:
            yield from _begun(now, config)
        case 2:
            yield _("{n} MLE updates moved θ by {far}.").format(
                n=now["mle_updates"], far=_number(now["theta_moved"])
            )
            yield _nll(now, before)
        case 3 | 18:
            yield _beta(now)
        case 4 | 15:
            yield _("{n} negatives sampled from G, {m} real sequences as positives.").format(
                n=len(now["fake"]), m=len(now["real"])
            )
            yield _verdict(now, "")
        case 5 | 16:
            yield _("D's loss on these changed from {was} to {is_}.").format(
                was=_number(before["d_loss"]), is_=_number(now["d_loss"])
            )
            yield _verdict(now, "_after")
        case 6:
            yield _("Round {n} of {of} begins.").format(n=step.round, of=config.rounds)
        case 7:
            yield _("G's update {n} of {of} in this round.").format(
                n=step.g_step, of=config.g_steps
            )
        case 8:
            yield from _written(now)
        case 9:
            yield _prefixes(step, now, config)
        case 10:
            yield from _valued(step, now)
        case 11:
            yield _("Every token has its Q, from {low} to {high}.").format(
                low=_number(min(map(min, now["q"]))), high=_number(max(map(max, now["q"])))
            )
        case 12:
            yield from _updated(now, before, config)
        case 13:
            yield _("G's updates in this round are done.")
        case 14:
            yield _("D's step {n} of {of} in this round.").format(n=step.d_step, of=config.d_steps)
        case 17:
            yield _ended(config)
        case 19:
            yield _left(step, now)


def _begun(now: State, config: TrainConfig) -> Iterator[str]:
    yield _("θ is random: G gives each of the {v} tokens a probability between {low} and "
            "{high} of coming first.").format(
        v=config.vocab_size, low=_number(min(now["first"])), high=_number(max(now["first"]))
    )  # fmt: skip
    if "real_scores" in now:
        yield _("φ is random too: D gives the real sequences a P(real) between {low} and "
                "{high}.").format(
            low=_number(min(now["real_scores"])), high=_number(max(now["real_scores"]))
        )  # fmt: skip
    else:
        yield _("There is no D in this trace.")


def _nll(now: State, before: State) -> str:
    was, is_ = before["nll_real"], now["nll_real"]
    text = (
        _("G's NLL of the real sequences fell from {was} to {is_} nats per token.")
        if is_ < was
        else _("G's NLL of the real sequences rose from {was} to {is_} nats per token.")
    )
    return text.format(was=_number(was), is_=_number(is_))


def _beta(now: State) -> str:
    if now["beta_is_theta"]:
        return _("The roll-out policy is G itself: β and θ are the same object, so nothing is "
                 "copied.")  # fmt: skip
    return _("β is a separate copy, at distance {far} from θ.").format(
        far=_number(now["beta_distance"])
    )


def _verdict(now: State, when: str) -> str:
    real, fake = now[f"real_scores{when}"], now[f"fake_scores{when}"]
    n = len(real) + len(fake)
    return _("D's mean score is {real} for real sequences and {fake} for G's; {right} of {n} are "
             "classified correctly.").format(
        real=_number(sum(real) / len(real)), fake=_number(sum(fake) / len(fake)),
        right=round(now["d_accuracy"] * n), n=n,
    )  # fmt: skip


def _written(now: State) -> Iterator[str]:
    rows = "; ".join(" ".join(map(str, row)) for row in now["y"])
    yield _("{n} samples of G: {rows}.").format(n=len(now["y"]), rows=rows)
    p, b, t = min((p, b, t) for b, row in enumerate(now["p"]) for t, p in enumerate(row))
    yield _("The least likely choice was token {token} at t = {t} of sequence {b}, with "
            "probability {p}.").format(
        token=now["y"][b][t], t=t + 1, b=b + 1, p=_number(p)
    )  # fmt: skip


def _prefixes(step: Step, now: State, config: TrainConfig) -> str:
    assert step.t is not None
    if step.t == config.sequence_length:
        return _("t = {t}: the sequences are finished, so there is nothing to roll out.").format(
            t=step.t
        )
    rows = "; ".join(" ".join(map(str, row[: step.t])) for row in now["y"])
    return _("t = {t}: the prefixes {rows} are fixed. What is the Q of their last token?").format(
        t=step.t, rows=rows
    )


def _valued(step: Step, now: State) -> Iterator[str]:
    assert step.t is not None
    if now["completions"] is None:
        text = _("The reward is constant, so Q is {q} without a roll-out.")
        yield text.format(q=_number(now["q"][0][step.t - 1]))
        return
    for b, scores in enumerate(now["completion_scores"]):
        values = {
            "b": b + 1, "token": now["y"][b][step.t - 1], "t": step.t,
            "scores": ", ".join(map(_number, scores)), "q": _number(now["q"][b][step.t - 1]),
            "n": len(scores), "low": _number(min(scores)), "high": _number(max(scores)),
        }  # fmt: skip
        if len(scores) > 4:
            text = _("Sequence {b}: D scores {n} completions between {low} and {high}; their mean "
                     "{q} is the Q of token {token} at t = {t}.")  # fmt: skip
        elif len(scores) == 1:
            text = _("Sequence {b}: D's score {scores} is the Q of token {token} at t = {t}.")
        else:
            text = _("Sequence {b}: D scores the completions {scores}; their mean {q} is the Q "
                     "of token {token} at t = {t}.")  # fmt: skip
        yield text.format(**values)


def _updated(now: State, before: State, config: TrainConfig) -> Iterator[str]:
    if "v" in now:
        yield _("Each token's weight is its Q minus v, the value network's value of the prefix "
                "before it; at t = 1 of sequence 1 it is {q} − {v} = {w}.").format(
            q=_number(now["q"][0][0]), v=_number(now["v"][0][0]), w=_number(now["weights"][0][0])
        )  # fmt: skip
    norm, clip = now["grad_norm"], config.max_grad_norm
    text = _("θ moved by {far}; the gradient norm was {norm}.")
    if norm > clip:
        text = _("θ moved by {far}; the gradient norm was {norm}, clipped to {clip}.")
    yield text.format(far=_number(now["theta_moved"]), norm=_number(norm), clip=f"{clip:g}")
    moves = [
        (after - p, b, t)
        for b, rows in enumerate(zip(now["p"], now["p_after"], strict=True))
        for t, (p, after) in enumerate(zip(*rows, strict=True))
    ]
    up = sum(move > 0 for move, _b, _t in moves)
    _move, b, t = max(moves, key=lambda move: abs(move[0]))
    yield _("{up} of {n} chosen tokens became likelier; token {token} at t = {t} of sequence {b} "
            "changed most, from {was} to {is_}.").format(
        up=up, n=len(moves), token=now["y"][b][t], t=t + 1, b=b + 1,
        was=_number(now["p"][b][t]), is_=_number(now["p_after"][b][t]),
    )  # fmt: skip
    yield _nll(now, before)


def _ended(config: TrainConfig) -> str:
    if config.d_steps == 0:
        return _("There are no d-steps in this trace: D does not change.")
    return _("D's steps in this round are done.")


def _left(step: Step, now: State) -> str:
    if now["rounds_left"] == 0:
        return _("Round {n} was the last: the algorithm ends here.").format(n=step.round)
    return _("Round {n} is done; rounds left: {left}.").format(
        n=step.round, left=now["rounds_left"]
    )


def _number(value: float) -> str:
    return f"{value:.3f}"
