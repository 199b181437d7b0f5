"""How good the insights are, on public data with known anomalies and root causes."""
