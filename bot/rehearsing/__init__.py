"""A survey tried out: the real engine, nobody asked, nothing stored. `playing.played` is the way in.

    steps ──> played ──> Stage ──> conversations.engine ──> effects ──> what is shown, in order

The terminal (`bot.rehearsal`), *Try it* in the chat and the telephone beside the web's editor all play on this stage,
so that none of them can say something else than the product does. Each play begins at the beginning: what was typed
a moment ago is played again against the draft as it is now.
"""
