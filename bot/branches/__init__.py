"""The ways through a survey as a picture: SVG, one question below the other, branches at the right.

    chart ──> boxes with their exits, in words ──> layout ──> moments of ink ──> drawing.drawn, the SVG's text

Everything is pure: the same survey, language and problems make the same picture.
"""
