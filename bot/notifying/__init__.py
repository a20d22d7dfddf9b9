"""Telling other systems and mailboxes: webhooks, e-mails, and customers whose chat page is closed."""
