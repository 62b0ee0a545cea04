"""Processes that may crash, hang or eat memory, and the tasks they are given."""
