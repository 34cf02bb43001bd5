"""Set pages of a report side by side, for the picture in README.

python scripts/pages.py output/report.pdf 3 35 47      writes docs/pages.png

Needs pdftoppm, of poppler-utils.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

PLACE = Path(__file__).resolve().parents[1] / "docs" / "pages.png"
DPI, GAP, EDGE, COLOURS = 80, 14, "#c8c8c8", 96


def page(report: Path, number: int, folder: Path) -> Image.Image:
    """One page of a PDF with a hairline around it."""
    stem = folder / f"page-{number}"
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(DPI), "-f", str(number), "-l", str(number)]
    subprocess.run([*command, str(report), str(stem)], check=True)
    with Image.open(stem.with_suffix(".png")) as drawn:
        return ImageOps.expand(drawn.convert("RGB"), border=1, fill=EDGE)


def strip(pages: list[Image.Image]) -> Image.Image:
    """The pages side by side, on white."""
    width = sum(each.width for each in pages) + GAP * (len(pages) + 1)
    made = Image.new("RGB", (width, max(each.height for each in pages) + 2 * GAP), "white")
    left = GAP
    for each in pages:
        made.paste(each, (left, GAP))
        left += each.width + GAP
    return made.quantize(COLOURS, dither=Image.Dither.NONE)


def main(words: list[str]) -> int:
    """Write the picture."""
    if len(words) < 2 or not all(word.isdigit() for word in words[1:]):
        print("python scripts/pages.py REPORT.pdf PAGE ...", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        pages = [page(Path(words[0]), int(word), Path(folder)) for word in words[1:]]
        strip(pages).save(PLACE, optimize=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
