"""One file per file format: sniff, read, rewrite."""
