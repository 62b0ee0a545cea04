"""Opens what a password protects: Office files, OpenDocument, PDF, entries of zip archives."""
