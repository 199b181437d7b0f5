from __future__ import annotations

import typer

app = typer.Typer(help="The serverless lab: API Gateway, Lambda and DynamoDB on this machine, traced.")
