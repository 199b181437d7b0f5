"""`python -m raylens` is the `raylens` command; `raylens demo` starts its children this way."""

from __future__ import annotations

from raylens.cli.main import app

if __name__ == "__main__":
    app(prog_name="raylens")
