"""Who may do what: the one policy, and how a web request shows who it comes from."""
