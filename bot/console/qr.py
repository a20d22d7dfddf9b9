"""QR codes as pictures that stand in a page itself: no style, no script, nothing to fetch."""


def drawn(address: str) -> str:
    """Return the code of an address as inline SVG, to be shown on a light ground."""
    import segno  # late: only whoever shows a code needs it

    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(omitsize=True, border=3, light="#fff", svgclass="qr", lineclass=None))
