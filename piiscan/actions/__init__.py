"""One file per way of making a value safe."""
