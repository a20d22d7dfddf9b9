"""Settings: what there is to set, from where it is read, and what is said about a wrong one."""
