"""Save figures as pages: ``python -m examples.gallery f25`` writes f25_attention.html; no name lists all."""

import sys

from tools.gallery.rows import rows

for row in rows():
    if row.id in sys.argv[1:]:
        print(row.figure().save(f"{row.stem}.html"))
    elif len(sys.argv) == 1:
        print(f"{row.id}  {row.title}")
