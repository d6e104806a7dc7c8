"""The steps in the order in which they are told, one file for each group of them."""
