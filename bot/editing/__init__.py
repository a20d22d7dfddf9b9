"""Editing surveys: drafts that lose nothing, and versions that go out, come back and are put aside.

    draft ── save, against the revision it was made from ──> the next revision
          ── undo, redo ──────────────────────────────────> the next revision, with an earlier text
          ── publish ──> version n + 1; conversations stay on the version they began with
          ── throw away
    version ── roll back to an earlier one ──> version n + 1 with its text
            ── retire ──> nobody is asked with it any more

The same functions serve chat, console and command line. They run inside a unit of work and read no clock.
"""
