"""Claims about the product; the folders mirror the source."""
