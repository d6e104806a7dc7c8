"""Kinds, objects, references, conditions and reasons: typed views of what users write. No I/O."""
