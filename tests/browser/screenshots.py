"""Pictures of what a test saw: artefacts to look at, and the pictures of the guide."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

# A folder of its own, or the guide's when its pictures are to be renewed.
FOLDER = Path(os.environ.get("RAYLENS_SCREENSHOTS", ".raylens/screenshots"))


def take(page: Page, name: str) -> None:
    """Keep the visible part of `page` as NAME.png once its charts have been drawn."""
    page.wait_for_function("() => document.fonts.status === 'loaded' && !document.querySelector('[aria-busy=true]')")
    # two frames: what was drawn last is on the screen after the second
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")
