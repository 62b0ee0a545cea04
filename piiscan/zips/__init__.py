"""Zip archives: read with suspicion, and written member by member."""
