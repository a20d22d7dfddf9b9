"""What the page of an experiment says itself, by name."""

from typing import Final

from conversations.phrases import Phrase, phrase

EXPERIMENT_WORDS: Final[dict[str, Phrase]] = {
    "experiment": phrase("Experiment"),
    "experiment_of": phrase("Experiment: {survey}"),
    "experiment_runs": phrase("It runs: customers are asked in several ways. Each is always asked in the same."),
    "experiment_see": phrase("See what it shows"),
    "experiment_sides": phrase("The sides"),
    "experiment_shows": phrase("What it shows"),
    "experiment_keep": phrase("Keep {side}"),
    "experiment_keep_means": phrase(
        "Ending it writes a draft in which one side is the survey and nothing is tried any more. Once you publish it,"
        " everybody is asked in that way; conversations under way stay as they began."
    ),
    "experiment_draft": phrase(
        "A draft is being written, so it cannot be ended here. Publish that draft first, or throw it away."
    ),
    "told_kept_side": phrase(
        "This draft has side {side} as the survey. Look at it, and publish it to end the experiment."
    ),
    "told_side_gone": phrase("This experiment does not run any more. Nothing was changed."),
    "told_draft_there": phrase("A draft is being written already. Publish it or throw it away first."),
}
