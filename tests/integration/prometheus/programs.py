"""Programs of Prometheus that these tests need."""

import os
import shutil

import pytest


def on_path(program: str, untested: str) -> str:
    """Where it is; without it the test is skipped, saying what stays untested, but not in CI."""
    found = shutil.which(program)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"CI must have {program}: in the Debian package prometheus")
    if found is None:
        pytest.skip(f"NO {program.upper()} on the path: {untested} is not tested")
    return found
