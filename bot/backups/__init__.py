"""Backups: made while makegood runs, opened and checked, rotated, and brought back."""
