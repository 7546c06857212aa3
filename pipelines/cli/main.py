"""Entry point of ``kho``: finds the command, and turns every failure into a Vietnamese sentence and an exit code."""

from __future__ import annotations

import importlib
import os
import signal
import sys

import click

from pipelines import stopping
from pipelines.cli.terminal.console import error, let_reader_go
from pipelines.cli.terminal.leaving import Leaving
from pipelines.cli.terminal.usage import speak, usage_message
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.disk import PlaceError
from pipelines.config.paths import data_paths
from pipelines.config.release import ReleaseError
from pipelines.config.secret import SecretError
from pipelines.config.space import told
from pipelines.config.traces import keep_trace
from pipelines.config.yaml_lines import ConfigError

DONE, HELD, USAGE, FAILED = 0, 1, 2, 3
speak()


class _LazyGroup(VietnameseCommand, click.Group):
    """Imports a command's module only when it is called: ``kho sql`` must not wait for Dagster."""

    def invoke(self, ctx: click.Context) -> object:
        """As ever; a reader that leaves (``| head``) is no failure, which click would make of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            let_reader_go()
            return DONE

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipelines.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Lệnh"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="kho06", prog_name="kho", message="%(prog)s %(version)s", help="Hiện số phiên bản rồi thoát."
)
def cli() -> None:
    """Kho 06: kho dữ liệu Đề án 06 và thủ tục hành chính của tỉnh.

    Thư mục dữ liệu: biến môi trường KHO_DATA (mặc định ./data).
    """


def main() -> None:
    """Run ``kho`` and exit with its code."""
    sys.unraisablehook = _of_no_caller
    stopping.watch()
    leaving = Leaving()
    code = run(sys.argv[1:])
    leaving.by(code)


def _of_no_caller(raised: sys.UnraisableHookArgs) -> None:
    """A file that could not be written says so again when it is let go of: the command has told it, in Vietnamese."""
    if not isinstance(raised.exc_value, OSError):
        sys.__unraisablehook__(raised)


def run(arguments: list[str]) -> int:
    """Run ``kho`` with ``arguments``; returns the exit code instead of leaving the process."""
    os.umask(0o077)  # first of all: nothing this process writes is readable by others, not for a moment
    try:
        outcome = _called(arguments)
    except ReleaseError as mistake:
        error(str(mistake))
        return FAILED
    except SecretError as mistake:
        error(str(mistake))
        return USAGE
    except PlaceError as mistake:
        error(str(mistake))
        return USAGE
    except ConfigError as mistake:
        error("Tệp cấu hình có lỗi, chưa chạy gì:\n" + str(mistake))
        return USAGE
    except click.exceptions.NoArgsIsHelpError as question:
        click.echo(question.ctx.get_help() if question.ctx else "")
        return DONE
    except click.UsageError as mistake:
        error(usage_message(mistake, COMMANDS))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return _stopped()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except Exception as failure:  # noqa: BLE001 - its text may quote the data: only its kind is shown
        if stopping.asked() is not None:
            return _stopped()
        known = told(data_paths(), failure) or _of_warehouse(failure)
        if known is not None:
            error(known)
            return FAILED
        place = keep_trace(data_paths(), failure)
        error(f"Lỗi ngoài dự kiến ({type(failure).__name__}); chi tiết (chỉ chủ thư mục đọc được): {place}")
        return FAILED
    return outcome if isinstance(outcome, int) else DONE


def _called(arguments: list[str]) -> object:
    """The command's outcome; a failure that came of a warehouse of another release is told as that."""
    try:
        return cli.main(arguments, prog_name="kho", standalone_mode=False)
    except Exception as failure:
        if _of_duckdb(failure):
            from pipelines.warehouse.releases import refuse_other

            refuse_other(data_paths().warehouse_file, failure)
        raise


def _of_duckdb(failure: Exception) -> bool:
    """Modules that need DuckDB are imported only then: most commands never do."""
    return type(failure).__module__.split(".")[0] in {"_duckdb", "duckdb"}


def _of_warehouse(failure: Exception) -> str | None:
    """What to say of a database that a run holds, or that is damaged."""
    if not _of_duckdb(failure):
        return None
    from pipelines.warehouse.damage import TOLD, is_damage
    from pipelines.warehouse.database import BUSY, is_held

    if is_held(failure):
        return BUSY
    return TOLD if is_damage(failure) else None


def _stopped() -> int:
    """130 after Ctrl-C, 143 after SIGTERM, as a shell expects; what is stored is as after a kill."""
    error("Đã dừng theo yêu cầu; lần chạy sau làm tiếp, không mất dữ liệu.")
    return 128 + (stopping.asked() or signal.SIGINT)
