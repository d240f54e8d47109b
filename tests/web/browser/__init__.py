"""The pages below `/ui/` in a real browser: Chromium, driven by Playwright."""
