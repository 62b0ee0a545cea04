"""Copies that can be handed over: redacted, with stand-ins and back again, locked; and the gate that all pass."""
