"""One file per entity: its shapes, its exact check, its examples and counter-examples."""
