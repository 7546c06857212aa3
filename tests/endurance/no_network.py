"""Every command in a network namespace without a route, under strace: nothing is connected to but loopback.

`python -m tests.endurance.no_network`: a line a command with how many connections it tried and to whom. Exit code 1
where one of them was to anything but a unix socket or loopback; 77 where strace or the namespace is not to be had.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipelines.config.paths import DataPaths
from tests.endurance.kills import NIGHT, dossiers
from tests.endurance.program import ENDED, run, start

_FAMILY = re.compile(r"sa_family=(AF_\w+)")
_ADDRESS = re.compile(r'inet_(?:addr|pton)\((?:AF_INET6?, )?"([0-9a-fA-F.:]+)"')
_OWN = re.compile(r"127\.|::1$|::ffff:127\.")
UNSEEN = 77
COMMANDS = (
    ("run", *NIGHT),
    ("run", *NIGHT, "--dung-lai"),
    ("status",),
    ("sql", "SELECT count(*) FROM tthc.ho_so"),
    ("watch",),
    ("doctor",),
    ("versions",),
    ("verify",),
    ("purge", "--dry-run"),
    ("quarantine", "list"),
)


def spoken_to(trace: str) -> Counter[str]:
    """Addresses of the ``connect`` and ``sendto`` calls of a trace, loopback and unix sockets as such."""
    found: Counter[str] = Counter()
    for line in trace.splitlines():
        family = _FAMILY.search(line)
        if family is None:
            continue
        address = _ADDRESS.search(line)
        if family.group(1) == "AF_UNIX":
            found["unix"] += 1
        elif family.group(1) in {"AF_INET", "AF_INET6"}:
            place = address.group(1) if address else line
            found["loopback" if _OWN.match(place) else place] += 1
        else:
            found[family.group(1)] += 1
    return found


def is_possible() -> bool:
    """Whether strace and a namespace without a network may be used here."""
    if shutil.which("strace") is None or shutil.which("unshare") is None:
        return False
    with tempfile.NamedTemporaryFile() as trace:
        return subprocess.run([*prefix(Path(trace.name)), "true"], capture_output=True, check=False).returncode == 0


def prefix(trace: Path) -> tuple[str, ...]:
    """What is put before a command; the trace holds the calls of all its processes."""
    calls = "trace=connect,sendto,sendmsg"
    return ("unshare", "-n", "strace", "-f", "--seccomp-bpf", "-qq", "-e", calls, "-o", str(trace))


def traced(paths: DataPaths, trace: Path, *command: str) -> tuple[int, Counter[str]]:
    """Exit code of ``kho`` and whom it spoke to."""
    done = run(paths, *command, prefix=prefix(trace))
    return done.code, spoken_to(trace.read_text(encoding="utf-8", errors="replace"))


def served(paths: DataPaths, trace: Path, seconds: float) -> tuple[int, Counter[str]]:
    """The same of the web UI with its daemon, stopped after so many seconds."""
    process = start(paths, "ui", "--port", "3999", prefix=prefix(trace))
    time.sleep(seconds)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout
    for pid in children.split():
        subprocess.run(["kill", f"-{signal.SIGTERM.value}", pid], check=False)
    process.communicate()
    return process.returncode, spoken_to(trace.read_text(encoding="utf-8", errors="replace"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--ui-seconds", type=float, default=40.0)
    options = parser.parse_args()
    if not is_possible():
        print("strace, or a network namespace, is not to be had here")
        return UNSEEN
    home = options.folder or Path(tempfile.mkdtemp(prefix="kho_khong_mang_"))
    paths, trace, foreign = DataPaths(home / "data"), home / "vet.txt", 0
    dossiers(paths.raw / "dvc" / "ho_so" / "a.csv", 6, "Đang xử lý")
    print("| command | exit | connections tried |", flush=True)
    results = [(" ".join(command), *traced(paths, trace, *command)) for command in COMMANDS]
    results.append(("ui", *served(paths, trace, options.ui_seconds)))
    for name, code, found in results:
        wrong = {place for place in found if place not in {"unix", "loopback"}}
        foreign += len(wrong)
        told = ", ".join(f"{place} {count}" for place, count in sorted(found.items())) or "none"
        print(f"| kho {name} | {code} | {told} |", flush=True)
        if name.startswith("run") and code not in ENDED:
            foreign += 1
    print(f"foreign: {foreign}", flush=True)
    return 1 if foreign else 0


if __name__ == "__main__":
    raise SystemExit(main())
