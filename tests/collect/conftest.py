"""A way to write recorded answers down."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from recorded_answers import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write text, bytes or a JSON value to a file under the test's folder; gzip by the name."""

    def writer(name: str, content: Any) -> Path:
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            content = json.dumps(content).encode()
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        return path

    return writer
