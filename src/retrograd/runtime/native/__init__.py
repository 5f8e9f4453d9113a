"""Generated code compiled by Numba: nothing here is imported before native code is asked for."""
