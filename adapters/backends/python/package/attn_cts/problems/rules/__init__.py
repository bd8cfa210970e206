"""A rule for each ATen operation: how its exact value and its error follow from those of its arguments.

An operation without a rule makes the verdict inconclusive, and is named. Add a rule where its kind is: a function with `@rule("name")`.
"""

from . import choices, elementwise, moves, products, sums

__all__ = ["choices", "elementwise", "moves", "products", "sums"]
