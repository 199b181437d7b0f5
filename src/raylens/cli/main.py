"""The `raylens` command: one file per family of commands, put together here."""

from __future__ import annotations

from typing import Any

import typer

from raylens.cli import analyze, demo, groups, insights, lab, read, serve
from raylens.cli.closed_output import ending_quietly_when_output_closes


class _Raylens(typer.Typer):
    """The commands; called as a program, they end quietly when their output is piped into `head`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with ending_quietly_when_output_closes():
            return super().__call__(*args, **kwargs)


app = _Raylens(
    name="raylens",
    help="A self-hosted AWS X-Ray: send traces, see the service map, follow one request.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
serve.register(app)
read.register(app)
analyze.register(app)
insights.register(app)
app.add_typer(groups.app, name="groups")
demo.register(app)
app.add_typer(lab.app, name="lab")
