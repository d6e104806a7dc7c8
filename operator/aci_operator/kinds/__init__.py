"""One room per kind. Kinds never import each other."""
