"""Messages against a local SMTP and HTTP server: what is new, once, without a secret or a person in them."""

from __future__ import annotations

import json
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cli.main import run
from pipelines.config.orchestration import DEFAULT_FILE, load_orchestration
from pipelines.config.paths import DataPaths
from pipelines.config.yaml_lines import ConfigError
from pipelines.upkeep import notify


@pytest.fixture
def set_up(data: DataPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smtp: Any, hook: Any) -> Path:
    settings = yaml.safe_load(DEFAULT_FILE.read_text(encoding="utf-8"))
    settings["giam_sat"] |= {
        "thu": {
            "may_chu": "127.0.0.1",
            "cong": smtp.server_address[1],
            "ma_hoa": "khong",
            "tu": "kho@t.vn",
            "den": ["a@t.vn"],
        },
        "webhook": f"http://127.0.0.1:{hook.server_address[1]}/kho",
    }
    file = tmp_path / "orchestration.yaml"
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("KHO_ORCHESTRATION", str(file))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    return file


def test_what_is_new_is_told_once_by_both_ways(data: DataPaths, set_up: Path, smtp: Any, hook: Any) -> None:
    assert run(["watch", "--gui"]) == 3
    assert run(["watch", "--gui"]) == 3
    assert len(smtp.letters) == 1
    assert len(hook.bodies) == 1
    assert "Chưa có lần chạy nào" in hook.bodies[0]["text"]
    assert "Việc cần làm: " in hook.bodies[0]["text"]
    assert {item["ma"] for item in hook.bodies[0]["viec"]} >= {"dem_vang", "chua_cong_bo"}
    assert "To: a@t.vn" in smtp.letters[0]
    assert (data.operations / notify.STATE).stat().st_mode & 0o777 == 0o600


def test_what_did_not_go_out_is_told_again(
    data: DataPaths, set_up: Path, smtp: Any, hook: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.answer = 500
    assert run(["watch", "--gui"]) == 3
    assert "webhook" in capsys.readouterr().err
    hook.answer = 200
    run(["watch", "--gui"])
    assert len(hook.bodies) == 2
    run(["watch", "--gui"])
    assert (len(smtp.letters), len(hook.bodies)) == (1, 2)  # by the way that worked it had been told


def test_each_way_is_told_what_it_has_not_been_told(data: DataPaths, set_up: Path, smtp: Any, hook: Any) -> None:
    """The webhook is away for some looks: it hears of what is still so, the mail of what is new; no letter twice."""
    hook.answer = 500
    run(["watch", "--gui"])
    data.marts.mkdir(parents=True)
    data.marts_file.touch()  # one finding goes, others come
    for _ in range(3):
        assert run(["watch", "--gui"]) == 3
    assert len(smtp.letters) == 2
    letter = message_from_string(smtp.letters[1]).get_payload(decode=True).decode()
    assert "đã hết" in letter and "Chưa có lần chạy nào" not in letter
    hook.answer = 200
    for _ in range(2):
        run(["watch", "--gui"])
    assert len(smtp.letters) == 2
    said = {item["ma"] for item in hook.bodies[-1]["viec"]}
    assert "dem_vang" in said and "chua_cong_bo" not in said
    assert len(hook.bodies) == 5  # one a look, none after it went out


def test_the_version_before_reads_the_state_and_its_state_is_read(
    data: DataPaths, set_up: Path, smtp: Any, hook: Any
) -> None:
    hook.answer = 500
    run(["watch", "--gui"])
    file = data.operations / notify.STATE
    state = json.loads(file.read_text(encoding="utf-8"))
    assert (state["da_bao"], state["phan"], state["so_dem"]) == ([], [], {})  # told by every way: nothing yet
    hook.answer = 200
    run(["watch", "--gui"])
    state = json.loads(file.read_text(encoding="utf-8"))
    assert "dem_vang" in state["da_bao"]
    before = {key: state[key] for key in ("da_bao", "phan", "so_dem")}
    file.write_text(json.dumps(before), encoding="utf-8")  # as the version before wrote it
    run(["watch", "--gui"])
    assert (len(smtp.letters), len(hook.bodies)) == (1, 2)


def test_a_way_that_is_set_later_is_told_what_is_new_only(data: DataPaths, set_up: Path, smtp: Any, hook: Any) -> None:
    settings = yaml.safe_load(set_up.read_text(encoding="utf-8"))
    webhook = settings["giam_sat"]["webhook"]
    settings["giam_sat"]["webhook"] = None
    set_up.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    run(["watch", "--gui"])
    settings["giam_sat"]["webhook"] = webhook
    set_up.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    run(["watch", "--gui"])
    assert (len(smtp.letters), len(hook.bodies)) == (1, 0)


def test_a_redirect_is_not_followed(
    data: DataPaths, set_up: Path, hook: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.answer = 302
    run(["watch", "--gui"])
    assert "webhook" in capsys.readouterr().err


def test_a_damaged_state_file_tells_all_again(data: DataPaths, set_up: Path, hook: Any) -> None:
    run(["watch", "--gui"])
    (data.operations / notify.STATE).write_text("{", encoding="utf-8")
    run(["watch", "--gui"])
    assert len(hook.bodies) == 2


def test_without_a_place_it_says_so(data: DataPaths, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", "--gui"]) == 3
    assert "giam_sat.thu" in capsys.readouterr().err


def test_a_password_is_never_sent_in_the_clear_nor_kept_in_the_file(set_up: Path) -> None:
    settings = yaml.safe_load(set_up.read_text(encoding="utf-8"))
    settings["giam_sat"]["thu"]["tai_khoan"] = "kho"
    set_up.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(ConfigError, match="không mã hóa"):
        load_orchestration(feeds=None)
    settings["giam_sat"]["thu"]["mat_khau"] = "x"
    set_up.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(ConfigError, match="mat_khau"):
        load_orchestration(feeds=None)
