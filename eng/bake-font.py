#!/usr/bin/env python3
"""Bakes the overlay's font: a grid of signed distances to the outlines of DejaVu Sans Mono.

    apt-get install --no-install-recommends fonts-dejavu-core python3-pil python3-numpy
    /usr/bin/python3 eng/bake-font.py

writes src/RealtimeCnn/Drawing/Fonts/dejavu-sans-mono.pgm. A texel is 128 on an outline, brighter inside, and
changes by 128 over SPREAD texels. The glyphs stand in the order of GLYPHS, 16 in a row; OverlayFont.cs has the same list.
"""
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
GLYPHS = "".join(chr(code) for code in range(32, 127)) + "·×→←↑↓±µ°–…≤≥▸●■✓"
COLUMNS, CELL_WIDTH, CELL_HEIGHT = 16, 24, 48
EM, BASELINE = 40, 37  # texels
OVERSAMPLING, SPREAD = 8, 4


def squared_distance_to(mask, reach):
    """Squared distance of every pixel to the nearest set one, in pixels, up to the reach: along rows, then columns."""
    far = float(reach * reach)
    rows = np.where(mask, 0.0, far)
    along_rows = rows.copy()
    for step in range(1, reach):
        along_rows[:, step:] = np.minimum(along_rows[:, step:], rows[:, :-step] + step * step)
        along_rows[:, :-step] = np.minimum(along_rows[:, :-step], rows[:, step:] + step * step)
    result = along_rows.copy()
    for step in range(1, reach):
        result[step:] = np.minimum(result[step:], along_rows[:-step] + step * step)
        result[:-step] = np.minimum(result[:-step], along_rows[step:] + step * step)
    return result


def bake(font, glyph):
    size = (CELL_WIDTH * OVERSAMPLING, CELL_HEIGHT * OVERSAMPLING)
    image = Image.new("L", size)
    ImageDraw.Draw(image).text((0, BASELINE * OVERSAMPLING), glyph, fill=255, font=font, anchor="ls")
    inside = np.asarray(image) >= 128
    reach = SPREAD * OVERSAMPLING + 1
    distance = np.sqrt(squared_distance_to(~inside, reach)) - np.sqrt(squared_distance_to(inside, reach))
    cells = distance.reshape(CELL_HEIGHT, OVERSAMPLING, CELL_WIDTH, OVERSAMPLING).mean(axis=(1, 3)) / OVERSAMPLING
    return np.clip(np.rint(128 + cells * 128 / SPREAD), 0, 255).astype(np.uint8)


def main():
    font = ImageFont.truetype(FONT, EM * OVERSAMPLING)
    rows = -(-len(GLYPHS) // COLUMNS)
    atlas = np.zeros((rows * CELL_HEIGHT, COLUMNS * CELL_WIDTH), np.uint8)
    for index, glyph in enumerate(GLYPHS):
        y, x = index // COLUMNS * CELL_HEIGHT, index % COLUMNS * CELL_WIDTH
        atlas[y:y + CELL_HEIGHT, x:x + CELL_WIDTH] = bake(font, glyph)
    path = Path(__file__).parent.parent / "src/RealtimeCnn/Drawing/Fonts/dejavu-sans-mono.pgm"
    path.write_bytes(b"P5\n%d %d\n255\n" % (atlas.shape[1], atlas.shape[0]) + atlas.tobytes())


main()
