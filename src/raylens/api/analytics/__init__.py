"""Analytics over HTTP, below /api/v1/: trace sets counted, grouped and compared, and where the time of a trace went."""
