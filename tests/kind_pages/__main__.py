"""`python -m kind_pages` writes what the pages below docs/ take from the CRDs; `make evidence`."""

from __future__ import annotations

from kind_pages import pages

if __name__ == "__main__":
    for kind, file in pages.FILES.items():
        file.write_text(pages.written(kind, file.read_text()))
