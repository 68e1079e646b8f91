"""All commands, and the one place where errors become a sentence and an exit status."""

import logging
import os
import signal
import traceback
from types import FrameType
from typing import NoReturn

import typer
from typer._click.exceptions import ClickException  # typer has a click of its own

from seqgan_core.cli import (
    bench,
    corpus,
    inspect,
    judge,
    models,
    reproduce,
    runs,
    sample,
    train,
    verify,
)  # fmt: skip
from seqgan_core.cli.common.output import (
    FAILED,
    INTERRUPTED,
    WRONG_INPUT,
    one_sentence,
    say,
    silence_output,
)
from seqgan_core.messages import Problem
from seqgan_core.runs.records import StorageFullError
from seqgan_core.tasks.download import FetchError
from seqgan_core.tasks.home import VARIABLE

HELP = """Train SeqGAN, look inside it and compare methods.

Exit status: 0 finished, 2 wrong input, 1 failed, 130 interrupted (training leaves a checkpoint)."""

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False)
for command in (
    train.train, train.resume, runs.runs, runs.show, runs.metrics, runs.export, runs.import_,
    sample.sample, inspect.score, inspect.q_values, inspect.search, judge.compare, judge.sweep,
    reproduce.reproduce, bench.bench, verify.verify,
):  # fmt: skip
    app.command(command.__name__.rstrip("_").replace("_", "-"))(command)
app.add_typer(corpus.app, name="corpus")
app.add_typer(models.app, name="models")


def run(arguments: list[str] | None = None) -> int:
    """Runs one command.

    Returns:
        The exit status: 0 finished, 2 wrong input, 1 failed, 130 interrupted.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    logging.getLogger("seqgan_core").handlers = [_Sentences()]
    home = os.environ.get(VARIABLE)
    try:
        result = typer.main.get_command(app)(
            arguments, prog_name="python -m seqgan_core", standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except ClickException as error:
        message = " ".join(error.format_message().split()).replace("Value error, ", "").rstrip(".")
        say(f"{message}; see --help")
        return WRONG_INPUT
    except (FetchError, StorageFullError) as error:
        say(one_sentence(error))
        return FAILED
    except Problem as error:
        say(one_sentence(error))
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        silence_output()
        return FAILED
    except Exception as error:  # noqa: BLE001  # the last resort: a sentence, never a traceback
        if os.environ.get("SEQGAN_DEBUG"):
            say(traceback.format_exc())
        say(
            f"failed with {type(error).__name__}: {one_sentence(error)}; SEQGAN_DEBUG=1 shows where"
        )
        return FAILED
    finally:  # --home holds for this command alone
        os.environ.pop(VARIABLE, None)
        os.environ |= {} if home is None else {VARIABLE: home}


class _Sentences(logging.Handler):
    """Prints log messages of the core without a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())
        if record.exc_info and os.environ.get("SEQGAN_DEBUG"):
            say("".join(traceback.format_exception(*record.exc_info)))


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
