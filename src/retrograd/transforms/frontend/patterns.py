"""The patterns of `match` that are literals, as tests."""

from functools import reduce

import libcst as cst

from retrograd.transforms.frontend.expressions import Expressions
from retrograd.transforms.ir.nodes import BoolOp, Compare, Expr


def pattern_test(node: cst.MatchPattern, subject: Expr, expressions: Expressions) -> Expr | None:
    """The test whether `subject` is what the pattern `node` says; None where anything is."""
    at = expressions.span(node)
    match node:
        case cst.MatchAs(pattern=None, name=None):
            return None
        case cst.MatchValue(value=value):
            return Compare(subject, ("==",), (expressions.build(value),), at)
        case cst.MatchSingleton(value=value):
            return Compare(subject, ("is",), (expressions.build(value),), at)
        case cst.MatchOr(patterns=patterns):
            tests = [pattern_test(part.pattern, subject, expressions) for part in patterns]
            known = [test for test in tests if test is not None]
            if len(known) < len(tests):
                return None
            return reduce(lambda left, right: BoolOp("or", left, right, at), known)
        case _:
            label = "this pattern looks inside the value, or gives it a name"
            expressions.diagnostics.refuse("RG215", at, label)
            return None
