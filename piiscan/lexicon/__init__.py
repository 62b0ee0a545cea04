"""Names, places and postal codes as compact data; the scripts that build them; their licences."""
