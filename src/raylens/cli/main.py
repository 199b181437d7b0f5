"""The `raylens` command: one file per family of commands, put together here."""

from __future__ import annotations

import typer

from raylens.cli import demo, lab, read, serve

app = typer.Typer(
    name="raylens",
    help="A self-hosted AWS X-Ray: send traces, see the service map, follow one request.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
serve.register(app)
read.register(app)
demo.register(app)
app.add_typer(lab.app, name="lab")
