"""The answer to a reader without a key: a page for people, one sentence for programs."""

from __future__ import annotations

import base64
import hashlib

LOCKED = (
    "This page of matcube is locked. Open the address that matcube printed, with its token; a token works "
    "once, in one browser. Enter in the terminal of matcube prints a fresh one."
)

_STYLE = """
:root { color-scheme: dark light; --ground: #0b0d10; --text: #e8eaed; --muted: #a3a8b0; --line: #2a2f37 }
@media (prefers-color-scheme: light) {
  :root { --ground: #fbfbf9; --text: #1b1e23; --muted: #565c66; --line: #d9dade }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, sans-serif }
main { width: 100%; max-width: 34rem }
svg { display: block; width: 44px; height: 44px; margin-bottom: 20px; fill: none;
  stroke: var(--muted); stroke-width: 1.5; stroke-linejoin: round }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.3; font-weight: 600 }
p { margin: 0 0 20px; color: var(--muted) }
dl { margin: 0; border-top: 1px solid var(--line) }
div { padding: 14px 0; border-bottom: 1px solid var(--line) }
dt { font-weight: 600 }
dd { margin: 2px 0 0; color: var(--muted) }
kbd, code { color: var(--text); font: 14px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
kbd { padding: 1px 6px; border: 1px solid var(--line); border-radius: 4px }
"""

STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode('ascii')}'"

PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Locked · matcube</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<main>
<svg viewBox="0 0 44 44" aria-hidden="true">
<path d="M22 4 38 13v18L22 40 6 31V13zM6 13l16 9 16-9M22 22v18"/></svg>
<h1>This page of matcube is locked</h1>
<p>An address of matcube opens once, in one browser. This one was used already, or lacks its token.</p>
<dl>
<div><dt>Started in a terminal</dt>
<dd>Press <kbd>Enter</kbd> there. matcube prints a fresh address and keeps serving.</dd></div>
<div><dt>Started in Python</dt>
<dd>A fresh address is <code>handle.url</code> of the handle that <code>fig.show()</code> gave.</dd></div>
<div><dt>Open in another tab of this browser already</dt>
<dd>Go on there: the figure is as you left it.</dd></div>
</dl>
</main>
</body>
</html>
"""
