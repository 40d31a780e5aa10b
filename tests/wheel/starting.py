"""Starts the interpreter anew, and says which modules there are."""

import os
import pathlib
import subprocess
import sys
import sysconfig
import tomllib

ROOMS = {
    facts["name"]: facts
    for path in pathlib.Path(__file__).parents[2].glob("modules/*/room.toml")
    for facts in [tomllib.loads(path.read_text())]
}
OLD = {name for name, facts in ROOMS.items() if "replaces" in facts}  # those that C has too
PURELIB = pathlib.Path(sysconfig.get_path("purelib"))
PTH = PURELIB / "rust_stdlib.pth"


def python(*arguments, value=None, check=True, given=None, folder=None, **variables):
    """Starts this interpreter, as a user who has set nothing but this would."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")} | variables
    if value is not None:
        environment["PYTHON_RUST_MODULES"] = value
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        check=check,
    )
