"""Functions as users write them, each with what other tools and careful hands make of it."""
