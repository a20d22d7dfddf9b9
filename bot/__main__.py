"""`python -m bot` is `makegood`."""

from bot.cli import main

main()
