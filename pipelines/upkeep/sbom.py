"""The bill of materials of the lock file, as CycloneDX 1.6 JSON: name, version, package URL and hashes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pipelines.config.paths import PROJECT_ROOT

LOCK = PROJECT_ROOT / "requirements.lock"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: Path = LOCK) -> list[dict[str, Any]]:
    """One component a pin, in the order of the lock. Raises ``ValueError`` for a line that is neither."""
    found: list[dict[str, Any]] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        hashes = _HASH.findall(text)
        pin = _PIN.match(text)
        if pin is not None:
            name = re.sub(r"[-_.]+", "-", pin[1]).lower()
            purl = f"pkg:pypi/{name}@{pin[2]}"
            found.append({"type": "library", "bom-ref": purl, "name": name, "version": pin[2], "purl": purl})
        elif hashes and found:
            listed = found[-1].setdefault("hashes", [])
            listed += [{"alg": "SHA-256", "content": value} for value in hashes]
        else:
            raise ValueError(text[:60])
    return found


def sbom(version: str, lock: Path = LOCK) -> str:
    """The document; equal locks give equal bytes."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "kho06", "name": "kho06", "version": version}},
        "components": components(lock),
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"
