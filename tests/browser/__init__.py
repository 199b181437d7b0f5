"""A real Chromium against a running server."""
