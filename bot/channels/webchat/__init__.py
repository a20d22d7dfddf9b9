"""Our own chat page: the same conversations as anywhere else, at an address we can put into any mail or message."""
