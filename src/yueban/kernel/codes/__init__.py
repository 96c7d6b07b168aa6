"""Official codes and our own numbers, one module a family: is_valid, check, compose, parse."""
