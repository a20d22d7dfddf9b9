"""Documents run: Python blocks in README.md and docs/ are tests, and fail when the text lies.

Those of docs/integrate.md speak to a running installation: tests/test_integrate.py runs them.
"""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["*.md"], exclude="integrate.md"
).pytest()
