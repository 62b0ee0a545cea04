"""The files below the named paths, and how they are opened without being fooled."""
