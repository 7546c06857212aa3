"""Wrong use of the command line told in Vietnamese, by the names that the help shows.

Click asks ``gettext`` for every sentence of its own; the words stand here, and ``speak`` puts them in its place. What
they lack shows in English: a test walks all commands and provokes each kind of mistake.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import click
from click import core, decorators, exceptions, formatting, parser, termui, types, utils

from pipelines.contracts.normal_form import normal_form

_SENTENCES = {
    "Aborted!": "Đã dừng.",
    "Argument {name!r} takes {nargs} values.": "{name} nhận {nargs} giá trị.",
    "Choose from:\n\t{choices}": "chọn một trong: {choices}",
    "Commands": "Lệnh",
    "Could not open file {filename!r}: {message}": "không mở được tệp “{filename}”: {message}",
    "Missing argument": "thiếu",
    "Missing command.": "thiếu lệnh con.",
    "Missing option": "thiếu tùy chọn",
    "Missing parameter": "thiếu",
    "No such command {name!r}.": "không có lệnh “{name}”.",
    "No such option {name!r}.": "không có tùy chọn “{name}”.",
    "Option {name!r} does not take a value.": "tùy chọn {name} không nhận giá trị.",
    "Options": "Tùy chọn",
    "Positional arguments": "Tham số",
    "Show the version and exit.": "Hiện số phiên bản rồi thoát.",
    "Show this message and exit.": "Hiện hướng dẫn này rồi thoát.",
    "Usage:": "Cách dùng:",
    "default: {default}": "mặc định: {default}",
    "deprecated": "sẽ bỏ",
    "directory": "thư mục",
    "env var: {var}": "biến môi trường: {var}",
    "file": "tệp",
    "path": "đường dẫn",
    "required": "bắt buộc",
    "unknown error": "lỗi không rõ",
    "{name} {filename!r} does not exist.": "không tìm thấy “{filename}”.",
    "{name} {filename!r} is a directory.": "“{filename}” là thư mục, cần một tệp.",
    "{name} {filename!r} is a file.": "“{filename}” là tệp, cần một thư mục.",
    "{name} {filename!r} is not executable.": "“{filename}” không chạy được.",
    "{name} {filename!r} is not readable.": "không có quyền đọc “{filename}”.",
    "{name} {filename!r} is not writable.": "không có quyền ghi vào “{filename}”.",
    "{value!r} is not a valid UUID.": "“{value}” không phải mã UUID.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "“{value}” không phải có/không; viết: {states}",
    "{value!r} is not a valid {number_type}.": "“{value}” không phải {number_type}.",
    "{value} is not in the range {range}.": "{value} nằm ngoài khoảng cho phép {range}.",
}
_NUMBERED = {
    "Got unexpected extra argument ({args})": "thừa tham số: {args}",
    "Takes {nargs} values but 1 was given.": "cần {nargs} giá trị, mới có 1.",
    "Did you mean {possibility}?": "Có phải ý bạn là {possibility}?",
    "Option {name!r} requires an argument.": "tùy chọn {name} cần một giá trị.",
    "{value!r} is not {choice}.": "“{value}” không đúng; cần {choice}.",
    "{value!r} does not match the format {format}.": "“{value}” không đúng dạng {format}.",
    "{len_type} values are required, but {len_value} was given.": "cần {len_type} giá trị, mới có {len_value}.",
}
_PLURAL = {
    "Takes {nargs} values but {len} were given.": "cần {nargs} giá trị, có {len}.",
    "(Did you mean one of: {possibilities}?)": "Có phải ý bạn là một trong: {possibilities}?",
    "Option {name!r} requires {nargs} arguments.": "tùy chọn {name} cần {nargs} giá trị.",
    "{value!r} is not one of {choices}.": "“{value}” không đúng; chọn một trong: {choices}.",
    "{value!r} does not match the formats {formats}.": "“{value}” không đúng dạng; viết theo một trong: {formats}.",
    "Got unexpected extra arguments ({args})": "thừa tham số: {args}",
    "{len_type} values are required, but {len_value} were given.": "cần {len_type} giá trị, có {len_value}.",
}
_KINDS = {
    "integer range": "số nguyên",
    "float range": "số",
    "integer": "số nguyên",
    "float": "số",
    "boolean": "có/không",
    "datetime": "thời điểm",
    "text": "chữ",
}
_FORMS = {"'%Y-%m-%dT%H:%M:%S'": "2025-12-31T07:30:00", "'%Y-%m-%d %H:%M:%S'": "2025-12-31 07:30:00"} | {
    "'%Y-%m-%dT%H:%M'": "2025-12-31T07:30",
    "'%Y-%m-%d %H:%M'": "2025-12-31 07:30",
    "'%Y-%m-%d'": "YYYY-MM-DD, ví dụ 2025-12-31",
}
_METAVARS = {
    "INTEGER": "SỐ",
    "INTEGER RANGE": "SỐ",
    "TEXT": "CHỮ",
    "FILE": "TỆP",
    "DIRECTORY": "THƯ_MỤC",
    "PATH": "TỆP",
}
_CLOSE = 0.6


def speak() -> None:
    """Have click speak Vietnamese in this process."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types, utils):
        vars(module)["_"] = _sentence
        if "ngettext" in vars(module):
            vars(module)["ngettext"] = _numbered


def _sentence(text: str) -> str:
    return _SENTENCES.get(text, text)


def _numbered(one: str, many: str, number: int) -> str:
    return _NUMBERED.get(one, one) if number == 1 else _PLURAL.get(many, many)


def named(param: click.Parameter | None, context: click.Context | None) -> str:
    """A parameter as the help shows it: ``--out THƯ_MỤC``, ``BẢNG``."""
    if param is None:
        return "tham số"
    context = context or click.Context(click.Command("kho"))
    value = metavar(param, context)
    if not isinstance(param, click.Option):
        return value.strip("[].…") or value
    name = max(param.opts, key=len)
    return name if param.is_flag or param.count else f"{name} {value}"


def metavar(param: click.Parameter, context: click.Context) -> str:
    """The placeholder of a value, in Vietnamese where click would name the type."""
    text = param.make_metavar(context)
    plain, dots, rest = text.partition("...")
    return _METAVARS.get(plain, plain) + dots + rest


def suggestion(typed: str, known: Iterable[str]) -> str:
    """“ Có phải ý bạn là “X”?” for what is closest to ``typed``, signs and case aside; empty where nothing is close."""
    forms = {normal_form(name): name for name in known}
    close = difflib.get_close_matches(normal_form(typed), forms, n=2, cutoff=_CLOSE)
    return f" Có phải ý bạn là {' hay '.join(f'“{forms[form]}”' for form in close)}?" if close else ""


def usage_message(mistake: click.UsageError, commands: Iterable[str]) -> str:
    """What was wrong and where help is, in Vietnamese; ``commands``: all commands of ``kho``."""
    where = mistake.ctx.command_path if mistake.ctx else "kho"
    return f"Sai cách dùng: {_what(mistake, list(commands))}\nXem hướng dẫn: {where} --help"


def _what(mistake: click.UsageError, commands: list[str]) -> str:
    if isinstance(mistake, click.NoSuchOption):
        options = [name for param in _params(mistake.ctx) for name in param.opts if name.startswith("--")]
        return f"không có tùy chọn “{mistake.option_name}”." + suggestion(mistake.option_name, [*options, "--help"])
    if isinstance(mistake, click.exceptions.NoSuchCommand):
        group = mistake.ctx.command if mistake.ctx else None
        own = group.list_commands(mistake.ctx) if isinstance(group, click.Group) and mistake.ctx else commands
        near = suggestion(mistake.command_name, own)
        return f"không có lệnh “{mistake.command_name}”.{near} Các lệnh: {', '.join(own)}."
    if isinstance(mistake, click.MissingParameter):
        word = "tùy chọn" if isinstance(mistake.param, click.Option) else "tham số"
        kind = mistake.param.type if mistake.param else None
        choices = f" (chọn một trong: {', '.join(map(str, kind.choices))})" if isinstance(kind, click.Choice) else ""
        return f"thiếu {word} {named(mistake.param, mistake.ctx)}{choices}."
    if isinstance(mistake, click.BadParameter):
        return f"giá trị của {named(mistake.param, mistake.ctx)} không hợp lệ: {_finished(mistake)}"
    if isinstance(mistake, click.BadOptionUsage):
        param = next((p for p in _params(mistake.ctx) if mistake.option_name in p.opts), None)
        if param is not None and "cần một giá trị" in mistake.message:
            return f"tùy chọn {mistake.option_name} cần một giá trị: {named(param, mistake.ctx)}."
    return mistake.message


def _finished(mistake: click.BadParameter) -> str:
    """The sentence with names of types and forms of dates in Vietnamese."""
    text = mistake.message
    for english, word in {**_KINDS, **_FORMS}.items():
        text = (
            text.replace(f"không phải {english}", f"không phải {word}")
            if english in _KINDS
            else text.replace(english, word)
        )
    if mistake.param is not None and isinstance(mistake.param.type, click.Choice):
        typed = text.split("“", 1)[-1].split("”", 1)[0]
        text = text.replace("'", "") + suggestion(typed, map(str, mistake.param.type.choices))
    return text


def _params(context: click.Context | None) -> list[click.Parameter]:
    return context.command.get_params(context) if context else []
