"""Texts that were written to harm, by every way in."""
