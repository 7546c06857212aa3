"""Pages as a browser shows them: first paint, layout shift, width, and, with axe-core at hand, WCAG 2.2 A and AA.

    python benchmarks/pages_in_browser.py [FOLDER] [--axe axe.min.js] [--pages 12]

FOLDER: ``tai_lieu`` of a publication (default: that of ``$KHO_DATA``), opened from disk at 1440 and 390 pixels.
axe-core is no dependency of ours: ``npm pack axe-core`` and name its ``axe.min.js``. Without Chromium the script says
so and ends with 0; it ends with 1 where a first paint takes longer than a second, something moves, a page is wider than
its window, or axe-core finds something serious.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from pipelines.config.paths import data_paths

WIDTHS = (1440, 390)
MOST_PAINT_MS = 1000.0
SERIOUS = {"serious", "critical"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_OBSERVE = """
    window.__dich = 0;
    new PerformanceObserver(l => l.getEntries().forEach(e => { window.__dich += e.value; }))
        .observe({type: 'layout-shift', buffered: true});
"""
_READ = """(() => {
    const p = performance.getEntriesByName('first-contentful-paint')[0];
    return {ve: p ? p.startTime : null, dich: window.__dich, rong: document.documentElement.scrollWidth};
})()"""
_AXE = """axe.run(document, {runOnly: {type: 'tag', values: %s}}).then(r => r.violations.map(
    v => ({luat: v.id, muc: v.impact, cho: v.nodes.slice(0, 3).map(n => n.target.join(' ')), so: v.nodes.length})))"""


class Tab:
    """One page of the browser, driven through the DevTools protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, count(1)

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """A command's result. Raises ``RuntimeError`` where the browser refuses it."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            said: dict[str, Any] = json.loads(self._socket.recv(timeout=60))
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']['message']}")
                result: dict[str, Any] = said["result"]
                return result

    def wait(self, event: str) -> None:
        """Until the browser tells of ``event``."""
        while json.loads(self._socket.recv(timeout=60)).get("method") != event:
            pass

    def value(self, script: str) -> Any:
        """What a script comes to, promises awaited."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"]["text"])
        return done["result"].get("value")


@contextmanager
def browser(program: str) -> Iterator[Tab]:
    """A headless Chromium with a profile of its own and one tab."""
    with tempfile.TemporaryDirectory(prefix="kho_trinh_duyet_", ignore_cleanup_errors=True) as profile:
        arguments = [program, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}",
                     "--no-first-run", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else []),
                     "about:blank"]  # fmt: skip
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            place = Path(profile) / "DevToolsActivePort"
            for _ in range(300):
                if place.exists() and place.read_text(encoding="utf-8").strip():
                    break
                time.sleep(0.1)
            port = place.read_text(encoding="utf-8").split()[0]
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
                address = json.load(answer)["webSocketDebuggerUrl"]
            with connect(address, max_size=None) as socket:
                tab = Tab(socket)
                tab.call("Page.enable")
                tab.call("Page.addScriptToEvaluateOnNewDocument", source=_OBSERVE)
                yield tab
        finally:
            process.terminate()
            process.wait(timeout=30)


def look(tab: Tab, page: Path, width: int, axe: str) -> dict[str, Any]:
    """Paint (ms), layout shift, width and violations of one page in a window of ``width`` pixels."""
    tab.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
    tab.call("Page.navigate", url=page.resolve().as_uri())
    tab.wait("Page.loadEventFired")
    time.sleep(0.4)  # a shift after the load counts too
    found: dict[str, Any] = tab.value(_READ)
    if axe:
        tab.value(axe + ";0")
        found["loi"] = tab.value(_AXE % json.dumps(TAGS))
    return found


def chosen(folder: Path, most: int) -> list[Path]:
    """The front page, the search, the quality page, then the largest of the others."""
    site = folder / "bang_dieu_hanh"
    first = [site / "index.html", site / "tra_cuu.html", folder / "chat_luong.html", folder / "tu_dien" / "index.html"]
    rest = sorted(site.glob("*/*.html"), key=lambda page: (-page.stat().st_size, page.name))
    return [page for page in [*first, *rest] if page.is_file()][:most]


def main() -> None:
    """Print a line a page and width."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=data_paths().marts / "tai_lieu")
    parser.add_argument("--axe", type=Path)
    parser.add_argument("--pages", type=int, default=12)
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    pages = chosen(options.folder, options.pages)
    if program is None or not pages:
        sys.stdout.write(
            f"Bỏ qua: {'không có Chromium' if program is None else f'không có trang nào trong {options.folder}'}.\n"
        )
        return
    axe = options.axe.read_text(encoding="utf-8") if options.axe else ""
    bad = 0
    with browser(program) as tab:
        for page in pages:
            for width in WIDTHS:
                found = look(tab, page, width, axe)
                said = [
                    f"{v['luat']} ({v['muc']}, {v['so']} chỗ, ví dụ {'; '.join(v['cho'])})"
                    for v in found.get("loi", [])
                ]
                wrong = found["ve"] is None or found["ve"] > MOST_PAINT_MS or found["dich"] > 0 or found["rong"] > width
                wrong = wrong or any(violation["muc"] in SERIOUS for violation in found.get("loi", []))
                bad += wrong
                sys.stdout.write(
                    f"{'HỎNG' if wrong else 'đạt '} {page.relative_to(options.folder)} {width}px: vẽ đầu "
                    f"{found['ve'] or -1:.0f} ms, dịch {found['dich']:.4f}, rộng {found['rong']}, "
                    f"{page.stat().st_size // 1000} kB"
                    + (f"; axe-core: {', '.join(said) or 'không lỗi'}" if axe else "")
                    + "\n"
                )
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
