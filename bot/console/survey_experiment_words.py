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
    "variants": phrase("What is tried"),
    "variants_how": phrase(
        "An experiment asks some customers in another way: in other words, or in another order. Nothing changes for"
        " customers until you publish the draft."
    ),
    "variants_none": phrase("Nothing is tried: everybody is asked the survey as it is written."),
    "variants_write": phrase("Write what is tried"),
    "variants_as_written": phrase("A: as written, {percent} % of the customers"),
    "variant_add": phrase("Try one more way"),
    "variant_add_first": phrase("Begin an experiment"),
    "variant_full": phrase("Three are the most: each needs answers of its own."),
    "variant_named": phrase("Variant {name}"),
    "variant_key": phrase("Name of the variant"),
    "variant_key_how": phrase("Small letters, figures and _, such as b. The figures of this variant go by it."),
    "variant_share": phrase("For how many of the customers"),
    "variant_share_how": phrase("Above 0 %, and together with the others below 100 %: the rest is asked as written."),
    "variant_order": phrase("Order"),
    "variant_order_how": phrase("Change the number of a question to ask it on another place. The others close up."),
    "variant_order_same": phrase("as written"),
    "variant_order_other": phrase("another order"),
    "variant_place_of": phrase("Place of: {question}"),
    "variant_words": phrase("Words"),
    "variant_words_how": phrase(
        "Left empty, a text is as the survey has it, shown in grey. Say each in all languages of the survey."
    ),
    "variant_other_words": phrase("in other words"),
    "variant_text": phrase("Text"),
    "variant_low": phrase("Words for the low end"),
    "variant_high": phrase("Words for the high end"),
    "variant_row": phrase("Row {row}"),
    "variant_remove": phrase("Try this no more"),
    "variant_remove_means": phrase(
        "The variant and its words leave the draft. With the last one the experiment is over once you publish."
    ),
    "variant_remove_yes": phrase("Yes, remove it"),
    "experiment_name": phrase("Name of the experiment"),
    "experiment_name_how": phrase("With another name everybody is shared out anew."),
    "experiment_answers": phrase("Answers planned for each side"),
    "experiment_answers_how": phrase(
        "From 50 on; 400 are enough to see ten points of satisfaction. A verdict may be looked at every day."
    ),
    "told_variant_added": phrase("One more way is in the draft. Say below what is other in it."),
    "told_variant_removed": phrase("It is tried no more, once the draft is published."),
    "told_variant_gone": phrase("That variant is not in the draft any more. Nothing was changed."),
    "told_kept_side": phrase(
        "This draft has side {side} as the survey. Look at it, and publish it to end the experiment."
    ),
    "told_side_gone": phrase("This experiment does not run any more. Nothing was changed."),
    "told_draft_there": phrase("A draft is being written already. Publish it or throw it away first."),
}
