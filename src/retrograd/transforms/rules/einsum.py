"""The cotangents of ``numpy.einsum`` as further calls of it, where its subscripts can be read.

    np.einsum("ij,jk->ik", a, b)      a:  np.einsum("ik,jk->ij", g, b)
    np.einsum("ij->i", a)             a:  np.einsum("i,j->ij", g, np.ones(a.shape[1]))
    np.einsum("ii", a)                a:  np.einsum(",ij->ij", g, np.eye(a.shape[0]))

A name that only the operand itself has is put back by ones, one that it has twice by an identity.
"""

from collections.abc import Mapping, Sequence
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Final

from retrograd.transforms.ir.kinds import Array
from retrograd.transforms.ir.nodes import Attribute, Call, Const, Expr, Index, Known, List, Tuple
from retrograd.transforms.rules.rule import VARIES, Site, constant

_EINSUM: Final = Known("numpy.einsum", "np.einsum")


def terms_of(subscripts: object, ranks: Sequence[int | None]) -> tuple[list[str], str] | None:
    """The names of the axes of each operand and of the result; None if they cannot be told."""
    if not isinstance(subscripts, str):
        return None
    text, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = text.split(",")
    if len(terms) != len(ranks):
        return None
    named = text.replace("...", "").replace(",", "")
    if not arrow:
        result = "..." if "..." in text else ""
        result += "".join(sorted(c for c in set(named) if named.count(c) == 1))
    if "..." in text:
        dots = _dots(terms, ranks, [c for c in ascii_letters if c not in subscripts])
        if dots is None:
            return None
        result = result.replace("...", max(dots, key=len))
        terms = [term.replace("...", dot) for term, dot in zip(terms, dots, strict=True)]
    return terms, result


def with_text(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The arguments of a call with the subscripts as one text, where they are lists: ``a, [0, 1]``."""
    if len(args) < 2 or not isinstance(args[1], List | Tuple):
        return args
    lists = [constant(one) for one in args[1::2]]
    result = constant(args[-1]) if len(args) % 2 else None
    named = [term for one in (*lists, result) if isinstance(one, tuple) for term in one]
    if any(one is VARIES for one in (*lists, result)) or not all(map(_is_axis, named)):
        return args
    axes = [axis for axis in named if isinstance(axis, int)]
    letters = ascii_lowercase if max(axes, default=0) < 26 else ascii_uppercase + ascii_lowercase

    def text(one: object) -> str:
        assert isinstance(one, tuple)
        return "".join("..." if axis is ... else letters[axis] for axis in one)

    subscripts = ",".join(map(text, lists)) + ("" if result is None else f"->{text(result)}")
    return (Const(f'"{subscripts}"'), *args[: len(lists) * 2 : 2])


def _is_axis(value: object) -> bool:
    return value is ... or (type(value) is int and 0 <= value < 52)


def _dots(terms: list[str], ranks: Sequence[int | None], free: list[str]) -> list[str] | None:
    """The axes that an ellipsis stands for in each of `terms`."""
    counts = []
    for term, rank in zip(terms, ranks, strict=True):
        if "..." in term and rank is None:
            return None
        counts.append((rank or 0) - len(term.replace("...", "")) if "..." in term else 0)
    spare = "".join(free[-max(counts) :]) if max(counts) else ""
    return [spare[len(spare) - count :] for count in counts]


def cotangent(site: Site, g: Expr, operands: Mapping[str, Expr], place: int) -> Expr:
    """The cotangent of operand number `place` when `g` is that of the call."""
    names = list(operands)
    read = terms_of(site.constant("subscripts"), [site.rank(name) for name in names])
    values = list(operands.values())
    if read is None:
        subscripts = site.bound.operands["subscripts"]
        helper = Known("retrograd.runtime.einsum_vjp", "einsum_vjp")
        return Call(helper, (g, subscripts, Const(str(place)), *values))
    terms, result = read
    others = [(term, values[k]) for k, term in enumerate(terms) if k != place]
    free = [c for c in ascii_letters if c not in "".join(terms) + result]
    shared = any(c in term for c in terms[place] for term, _ in others)
    target = ""
    for axis, name in enumerate(terms[place]):
        extent = Index(_shape(values[place], site, names[place]), Const(str(axis)))
        if name in target:
            twin = free.pop(0)
            others.append((name + twin, Call(Known("numpy.eye", "np.eye"), (extent,))))
            name = twin
        elif not any(name in term for term in (result, *(term for term, _ in others))):
            others.append((name, Call(Known("numpy.ones", "np.ones"), (extent,))))
        target += name
    text = ",".join([result, *(term for term, _ in others)])
    spelled = Const(f'"{text}->{target}"')
    told = {"optimize": site.bound.operands["optimize"]}
    kwargs = tuple((key, value) for key, value in told.items() if constant(value) is not False)
    back = Call(_EINSUM, (spelled, g, *(value for _, value in others)), kwargs)
    if not shared:
        return back
    return Call(Known("retrograd.runtime.unbroadcast", "unbroadcast"), (back, values[place]))


def _shape(value: Expr, site: Site, name: str) -> Expr:
    if isinstance(site.kind(name), Array):
        return Attribute(value, "shape")
    return Call(Known("numpy.shape", "np.shape"), (value,))
