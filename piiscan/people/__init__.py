"""Keyed hashes of people, and how many of them differ."""
