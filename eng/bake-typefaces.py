"""Bakes src/RealtimeCnn/Drawing/Fonts/dejavu.font, the faces of Typeface.cs.

Run: python3 eng/bake-typefaces.py FOLDER_OF_DEJAVU_TTF_FILES   (needs Pillow)

File, little-endian, zlib-compressed as a whole: int32 faces; for each face: int32 ascent, int32 line height (pixels),
int32 glyphs; for each glyph: int32 code point, float32 advance, int16 left, int16 top (from the top of the line),
int16 width, int16 height, width*height bytes of coverage.
"""
import struct
import sys
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FACES = [  # in the order of Typeface.cs
    ("DejaVuSans.ttf", 13),
    ("DejaVuSans-Bold.ttf", 13),
    ("DejaVuSans-Bold.ttf", 22),
    ("DejaVuSans.ttf", 15),
    ("DejaVuSansMono.ttf", 11),
]
LETTERS = "".join(map(chr, range(32, 127))) + "·×÷²³¹°±½¼¾ⁿ–—‘’“”…←→↓↑−√∞≈≠≤≥⌊⌋⌈⌉ΣΠΔσμπαβγδεθλρφωτ∈∘∗⋆‖₀₁₂₃ₙᵢⱼₚᵖ₋₄₅⊛≡⇒✓✗∑∀⊗∩∪ŷéöü"


def bake(path, size):
    font = ImageFont.truetype(path, size)
    ascent, descent = font.getmetrics()
    out = struct.pack("<iii", ascent, ascent + descent, len(LETTERS))
    for letter in LETTERS:
        left, top, right, bottom = font.getbbox(letter)
        width, height = max(right - left, 0), max(bottom - top, 0)
        image = Image.new("L", (max(width, 1), max(height, 1)), 0)
        ImageDraw.Draw(image).text((-left, -top), letter, fill=255, font=font)
        out += struct.pack("<ifhhhh", ord(letter), font.getlength(letter), left, top, width, height)
        out += image.tobytes()[: width * height] if width and height else b""
    return out


faces = [bake(f"{sys.argv[1]}/{name}", size) for name, size in FACES]
with open(Path(__file__).parent.parent / "src/RealtimeCnn/Drawing/Fonts/dejavu.font", "wb") as file:
    file.write(zlib.compress(struct.pack("<i", len(faces)) + b"".join(faces), 9))
