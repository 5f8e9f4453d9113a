"""Mutation: stores to elements, slices and views, aliases, `out=`, and who owns the memory."""

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    u=np.array([0.2, -0.5, 1.1, 0.8, -0.3]),
    M=np.array([[0.3, -0.6, 0.9], [1.2, 0.5, -0.4]]),
    S=np.array([[1.1, 0.2, -0.3], [0.4, 0.8, 0.1], [-0.2, 0.6, 1.4]]),
    T=np.linspace(-1.0, 1.2, 12).reshape(2, 2, 3),
    i=1,
    n=3,
    none=0,
    index=np.array([0, 2]),
    repeated=np.array([1, 1, 4, 1]),
    mask=np.array([True, False, True]),
)

# ---------------------------------------------------------------- elements


def store_element(x, v):
    """`a[i] = e`"""
    a = v * x
    a[1] = x * x
    return np.sum(a**2)


def store_element_by_its_own_value(x, v):
    """Harder: the new value reads the old one."""
    a = v * x
    a[0] = a[0] * a[1] * x
    return np.sum(a**2)


def store_element_twice(x, v):
    """Harder: the same element twice, read in between."""
    a = v.copy()
    a[2] = x * a[2]
    seen = a[2] ** 2
    a[2] = np.sin(x)
    return seen + np.sum(a * v)


def store_element_carried(x, u):
    """Harder: each element from the one before."""
    for k in range(1, len(u)):
        u[k] = np.tanh(u[k - 1] * x) + u[k] ** 2
    return np.sum(u)


def store_element_of_a_constant(x, v):
    """Harder: a constant ends the old element's influence."""
    a = v**2 * x
    a[1] = 2.0
    return np.sum(a**3)


def store_element_under_if(x, v):
    """Harder: on one branch only."""
    a = x * v
    if v[0] > 0.0:
        a[0] = v[1] ** 2
    return np.prod(a)


def store_element_zero_trips(x, v, none):
    """Harder: in a loop that never runs."""
    a = v * x
    for k in range(none):
        a[k] = x**3
    return np.sum(a**2)


def store_matrix_element(x, M):
    """`a[i, j] = e`"""
    a = M.copy()
    a[0, 2] = x * M[1, 1]
    return np.sum(a**2)


def store_matrix_elements_in_nested_loops(x, M):
    """Harder: all of them, in nested loops."""
    rows, columns = M.shape
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            out[r, c] = x * M[r, c] ** 2 + (out[r, c - 1] if c > 0 else 0.0)
    return np.sum(out * M)


def store_tensor_element(x, T):
    """Harder: three indices, and a row by two."""
    a = T * 2.0
    a[1, 0, 2] = x**2
    a[0, 1] = a[1, 0] * x
    return np.sum(a**2)


def store_row_then_element(x, M):
    """`a[i][j] = e`"""
    a = M * x
    a[1][0] = x**2
    return np.sum(a**2)


def store_negative_index(x, v):
    """`a[-1] = e`"""
    a = v * v
    a[-1] = x * v[0]
    return np.sum(a**2)


def negative_index_of_the_same_element(x, v):
    """Harder: `a[-1]` and `a[2]` are one element."""
    a = v * x
    a[-1] = x**2
    a[2] = a[-1] * a[2]
    return np.sum(a**2)


def store_computed_index(x, u, i):
    """`a[i + 1] = e` with a computed index"""
    a = u * u
    a[2 * i + 1] = x * a[i]
    return np.sum(a**2)


def index_overwritten_after_the_store(x, u, i):
    """Harder: the index variable changes afterwards."""
    a = u * x
    a[i] = x**2 * u[0]
    i = i + 2
    a[i] = a[i] * a[i - 2]
    i = 0
    return np.sum(a**2) + i


def chained_stores(x, v):
    """`a[i] = a[j] = e`"""
    a = v * v
    a[0] = a[2] = x * a[1]
    return np.sum(a * v)


def swapped_elements(x, v):
    """`a[i], a[j] = a[j], a[i]`"""
    a = v * x
    a[0], a[2] = a[2], a[0]
    return a[0] ** 2 + 3.0 * a[2]


def bubble_sort(u):
    """Harder: sorting by swaps."""
    n = len(u)
    for end in range(n - 1, 0, -1):
        for k in range(end):
            if u[k] > u[k + 1]:
                u[k], u[k + 1] = u[k + 1], u[k]
    return u[0] ** 2 + 2.0 * u[1] + 3.0 * u[2] ** 3


def swapped_rows(x, S):
    """Harder: rows by a list of indices."""
    a = S * x
    a[[0, 2]] = a[[2, 0]]
    return np.sum(a[0] ** 2) + np.sum(a[2])


# ---------------------------------------------------------------- augmented elements


def augmented_element_add(x, v):
    """`a[i] += e`"""
    a = v * x
    a[1] += x * v[0]
    return np.sum(a**2)


def augmented_element_in_loop(x, u, n):
    """Harder: many times at one element."""
    a = np.zeros(2)
    for k in range(n):
        a[k % 2] += x * u[k] ** 2
    return a[0] * a[1]


def augmented_element_by_itself(x, v):
    """Harder: by its own value."""
    v[0] += v[0] * x
    v[0] += v[0]
    return np.sum(v**2)


def augmented_element_subtract(x, v):
    """`a[i] -= e`"""
    v[2] -= x * v[1]
    return np.sum(v**2)


def augmented_element_multiply(x, v):
    """`a[i] *= e`"""
    v[0] *= x
    v[0] *= v[1]
    return np.sum(v**2)


def augmented_element_divide(x, v):
    """`a[i] /= e`"""
    v[1] /= x + v[0] ** 2
    return np.sum(v**2)


def augmented_element_power(x, v):
    """`a[i] **= e`"""
    v[0] **= 3
    v[2] **= x
    return np.sum(v)


def augmented_element_floor_divide(x, v):
    """`a[i] //= e`"""
    v[0] //= 0.3
    return np.sum(v) * x


def augmented_element_remainder(x, v):
    """`a[i] %= e`"""
    a = 5.0 * v
    a[2] %= x
    return np.sum(a**2)


def augmented_array_matmul(S, M):
    """`a @= b`"""
    a = M.copy()
    a @= S
    return np.sum(a**2)


# ---------------------------------------------------------------- slices


def store_slice(x, u):
    """`a[i:j] = e`"""
    a = u * x
    a[1:3] = u[3:] * u[0]
    return np.sum(a**2)


def store_slice_broadcast(x, u):
    """Harder: a number spread over the slice."""
    a = u**2
    a[1:4] = x
    return np.sum(a * u)


def store_slice_overlapping(x, u):
    """Harder: from an overlapping slice of itself."""
    a = u * x
    a[1:] = a[:-1] * 2.0
    return np.sum(a**2)


def store_empty_slice(x, u, none):
    """Harder: an empty slice."""
    a = u * x
    a[2:none] = x**2
    a[:none] *= x
    return np.sum(a**2)


def augmented_slice(x, u):
    """`a[i:j] += e`"""
    a = u * x
    a[1:4] += u[:3] ** 2
    a[:2] *= x
    return np.sum(a**2)


def augmented_slice_overlapping(x, u):
    """Harder: with an overlapping slice of itself."""
    a = u * x
    a[1:] += a[:-1] ** 2
    a[:-1] *= a[1:]
    return np.sum(a**2)


def augmented_slices_all_forms(x, u):
    """Harder: `-=`, `/=` and `**=`."""
    a = u**2 + 1.0
    a[1:] -= x * u[1:]
    a[:3] /= 1.0 + x**2
    a[2:] **= 2
    return np.sum(a)


def store_stepped_slice(x, u):
    """`a[::2] = e`"""
    a = u * x
    a[::2] = u[:3] ** 2
    return np.sum(a**2)


def store_reversed_slice(x, u):
    """Harder: a negative step, of itself."""
    a = u * x
    a[::-1] = a * u
    a[3:0:-1] += x
    return np.sum(a**2 * u)


def store_computed_slice(x, u, i):
    """`a[i : i + 2] = e` with computed bounds"""
    a = np.zeros(6)
    for k in range(2):
        a[2 * k : 2 * k + 2] = x * u[k : k + 2] ** 2
    a[i : i + 2] *= x
    return np.sum(a**2)


def store_column(x, M):
    """`a[:, j] = e`"""
    a = M * x
    a[:, 1] = a[:, 0] * a[:, 2]
    return np.sum(a**2)


def store_block(x, S):
    """Harder: a block, in place by itself."""
    a = S.copy()
    a[:2, 1:] = a[1:, :2] * x
    a[1:, :2] += a[:2, 1:]
    return np.sum(a**2)


def store_row(x, M):
    """`a[i] = row`"""
    a = M.copy()
    a[0] = x * a[1]
    return np.sum(a**2)


def store_rows_carried(x, S):
    """Harder: each row from the one before."""
    path = np.zeros((4, 3))
    path[0] = S[0]
    for k in range(1, 4):
        path[k] = np.tanh(S @ path[k - 1]) * x
    return np.sum(path**2)


def store_ellipsis(x, T):
    """`a[..., j] = e`"""
    a = T * x
    a[..., 0] = a[..., 1] ** 2
    return np.sum(a**2)


def store_whole_ellipsis(x, v):
    """Harder: `a[...] = e` and `a[:] = e` replace all of it."""
    a = v * x
    a[...] = v**2
    seen = np.sum(a * x)
    a[:] = x
    return seen + np.sum(a**3)


def store_newaxis(x, v, M):
    """`a[:, np.newaxis] += e`"""
    a = v * x
    a[:, np.newaxis] += M.T[:, :1]
    return np.sum(a**2)


def read_newaxis(x, v):
    """Harder: `None` in the value and `...` before it."""
    a = np.zeros((3, 3))
    a[...] = v[:, None] * v[None, :]
    a[1, ..., None] += x
    return np.sum(a**2)


# ---------------------------------------------------------------- integer arrays and masks


def store_integer_array(x, u, index):
    """`a[index] = e` with an integer array"""
    a = u * x
    a[index] = u[:2] ** 2
    return np.sum(a**2)


def store_integer_array_duplicates(x, u, repeated):
    """Harder: duplicates, of which the last counts."""
    a = u * x
    a[repeated] = u[:4] ** 2
    return np.sum(a**2)


def store_list_of_indices(x, u):
    """Harder: a list as the index, one value for all."""
    a = u**2
    a[[0, 3]] = x
    return np.sum(a * u)


def augmented_integer_array(x, u, index):
    """`a[index] += e` with an integer array"""
    a = u * x
    a[index] += u[1:3] ** 2
    return np.sum(a**2)


def augmented_integer_array_duplicates(x, u, repeated):
    """Harder: duplicates, which NumPy adds once."""
    a = u * x
    a[repeated] += u[:4] ** 2
    return np.sum(a**2)


def augmented_integer_array_multiplied(x, u, repeated):
    """Harder: duplicates under `*=`."""
    a = u * x
    a[repeated] *= u[1:]
    return np.sum(a**2)


def gather_duplicates(u, repeated):
    """`a[index]` read with duplicates"""
    return np.sum(u[repeated] ** 2 * np.arange(4.0))


def store_pairs_of_indices(x, S):
    """`a[rows, columns] = e`"""
    rows, columns = np.array([0, 2]), np.array([1, 1])
    a = S * x
    a[rows, columns] = S[0, :2] ** 2
    a[rows, 0] += x
    return np.sum(a**2)


def scatter_with_add_at(x, u, repeated):
    """`np.add.at(a, index, e)`"""
    a = u * x
    np.add.at(a, repeated, u[:4] ** 2)
    return np.sum(a**2)


def scatter_in_a_loop(x, M, repeated):
    """Harder: `np.subtract.at` too, of what the array itself holds, and one number for all."""
    a = np.zeros(5)
    for row in M:
        np.add.at(a, repeated[:3], row * x)
        np.subtract.at(a, [0, 0], a[1:3])
        np.add.at(a, repeated, x)
        a = a * a
    return np.sum(a)


def scatter_into_rows(x, M, v):
    """Harder: into rows, and into a part of an array."""
    a = M * x
    np.add.at(a, [1, 1], v)
    np.add.at(a[0], (np.array([2, 2, 0]),), x * v)
    return np.sum(a**2)


def store_mask(x, v, mask):
    """`a[mask] = e` with a boolean mask"""
    a = v * x
    a[mask] = v[1:] ** 2
    return np.sum(a**2)


def store_mask_of_itself(x, v):
    """Harder: where it is negative."""
    a = v * x
    a[a < 0.0] = 0.0
    a[v > 0.5] *= x
    return np.sum(a**2)


def store_mask_of_none(x, v):
    """Harder: a mask of nothing."""
    a = v * x
    a[v > 100.0] = x**2
    return np.sum(a**2)


def augmented_mask(x, v, mask):
    """`a[mask] += e`"""
    a = v * x
    a[mask] += v[mask] ** 2
    a[~mask] -= x
    return np.sum(a**2)


# ---------------------------------------------------------------- views


def row_through_view(x, M):
    """`row = a[i]; row[j] = e`"""
    a = M * x
    row = a[1]
    row[0] = x**2
    row[2] *= row[1]
    return np.sum(a**2)


def row_through_view_then_base(x, M):
    """Harder: the base is written too, and the view read."""
    a = M * x
    row = a[0]
    a[0, 1] = x**3
    row[2] = row[1] * a[1, 1]
    return np.sum(a**2) + np.sum(row)


def row_through_view_in_loop(x, M):
    """Harder: a new view in each iteration."""
    out = np.zeros_like(M)
    for k in range(len(M)):
        row = out[k]
        row[:] = M[k] ** 2
        row[0] += x
    return np.sum(out**2)


def row_index_overwritten(x, M, i):
    """Harder: the index of the view changes before the store."""
    a = M * x
    row = a[i]
    i = 0
    row[1] = x**2
    return np.sum(a**2) + i


def row_index_overwritten_in_a_loop(x, M, v):
    """Harder: in a loop, and counted up."""
    a = M * x
    i = 0
    row = a[i]
    for k in range(3):
        i += k
        row[k] = row[k] * x + i
        i = 1
    last = a[i]
    if x > 0.0:
        i = 0
        last[0] = last[1] * v[i]
    last[2] = x
    return np.sum(a**2)


def row_of_an_array_rebound(x, M):
    """Harder: the array's name is given another array, the row stays."""
    a = M * x
    row = a[0]
    a = a * 2.0
    row[1] = x**2
    return np.sum(a**2) + np.sum(row**3)


def rows_of_an_array_rebound_in_a_loop(x, M):
    """Harder: in a loop, where another name still holds the array."""
    a = M * x
    s = 0.0
    for k in range(2):
        b = a
        row = b[k]
        a = b * 1.5
        row *= x
        b[0, 0] = x
        s = s + np.sum(b**2)
    return s + np.sum(a * M)


def slice_through_view(x, u):
    """`part = a[i:j]; part *= e`"""
    a = u * 2.0
    part = a[1:4]
    part *= x
    part[0] = part[1] * part[2]
    return np.sum(a**2)


def view_of_a_view(x, S):
    """Harder: a view of a view."""
    a = S * x
    part = a[1:]
    inner = part[:, 1]
    inner += x**2
    return np.sum(a**2)


def transposed_view(x, M):
    """`t = a.T; t[i] = e`"""
    a = M * x
    t = a.T
    t[0] = x**2
    t[1] *= t[2]
    return np.sum(a**2)


def reshaped_view(x, M):
    """`flat = a.reshape(-1); flat[i] = e`

    refused: RG402
    """
    a = M * x
    flat = a.reshape(-1)
    flat[4] = x**2
    return np.sum(a**2)


def rows_of_a_loop(x, M):
    """`for row in a: row *= e`"""
    a = M * 2.0
    for row in a:
        row *= x
        row[0] = row[1] ** 2
    return np.sum(a**2)


def overlapping_views(x, u):
    """Overlapping views: `left[1] = e` seen through `right`"""
    a = u * x
    left, right = a[:3], a[1:]
    left[2] = x**2
    right[0] = right[1] * left[0]
    return np.sum(a**2)


def view_of_a_parameter(x, u):
    """A view of a parameter is written"""
    tail = u[2:]
    tail *= x
    return np.sum(u**2)


# ---------------------------------------------------------------- whole arrays and aliases


def augmented_array(x, v):
    """`a += b` on arrays mutates"""
    a = v * x
    a += v**2
    a *= x
    return np.sum(a**2)


def augmented_array_by_itself(x, v):
    """Harder: by itself, and broadcast."""
    a = v * x
    a += a
    a *= a
    a -= x
    a /= 1.5 + v**2
    return np.sum(a)


def augmented_array_in_loop(x, v, S, n):
    """Harder: in a loop, with the old value read."""
    state = v.copy()
    total = 0.0
    for _ in range(n):
        total += np.sum(state**2)
        state += 0.1 * (S @ state) * x
    return total


def augmented_float(x, y):
    """`s += e` on floats rebinds"""
    s = x
    t = s
    s += y * y
    s *= t
    return s + t


def augmented_float_forms(x, y):
    """Harder: every augmented form."""
    s = x
    s -= y
    s /= y
    s **= 2
    s %= 0.31
    return s * x


def alias(x, v):
    """`b = a; b *= 2`"""
    a = v * x
    b = a
    b *= 2.0
    return np.sum(a**2) + np.sum(b)


def alias_of_an_alias(x, v):
    """Harder: three names for one array."""
    a = v * x
    b = a
    c = b
    c[0] = x**2
    b[1] += c[0]
    a = a + c
    return np.sum(a**2) + np.sum(b)


def alias_that_ends(x, v):
    """Harder: a name that is given another array."""
    a = v * x
    b = a
    a = v**2
    a[0] = x
    b[1] = x**2
    return np.sum(a * b)


def alias_in_a_loop(x, v, n):
    """Harder: old and new state change places."""
    old, new = v.copy(), np.zeros(3)
    for _ in range(n):
        for k in range(3):
            new[k] = x * old[k - 1] + old[k] ** 2
        old, new = new, old
    return np.sum(old**2)


def out_argument(x, v):
    """`np.multiply(a, b, out=c)`"""
    c = np.zeros(3)
    np.multiply(v, x, out=c)
    np.add(c, v, out=c)
    return np.sum(c**2)


def out_argument_of_an_operand(x, v):
    """Harder: into an operand, which a partial reads."""
    a = v * x
    np.sin(a, out=a)
    np.multiply(a, a, out=a)
    return np.sum(a)


def out_argument_of_a_slice(x, u):
    """Harder: into an overlapping slice."""
    a = u * x
    np.multiply(a[1:], x, out=a[:-1])
    return np.sum(a**2)


def out_argument_used_as_a_value(x, v):
    """Harder: the value of the call is the array."""
    c = np.empty(3)
    d = np.exp(v * x, out=c)
    c[0] = x
    return np.sum(d**2)


# ---------------------------------------------------------------- parameters


def store_into_parameter(x, v):
    """A parameter is written, and the caller's array is not"""
    v[0] = x * v[1]
    return np.sum(v**2)


def augment_parameter(x, v):
    """Harder: as a whole, after it was read."""
    before = np.sum(v**3)
    v *= x
    return before + np.sum(v**2)


def store_into_parameter_in_helper(x, v):
    """Harder: inside a helper."""
    scale_first(v, x)
    return np.sum(v**2)


def scale_first(a, factor):
    a[0] *= factor


def store_into_entry_of_dict(x, p):
    """An array inside a dict or list is written

    at: x=0.7, p={"W": np.array([0.4, -1.1]), "b": 0.3}
    """
    p["W"][0] = x * p["b"]
    p["W"] *= x
    return np.sum(p["W"] ** 2)


def store_into_item_of_list(x, layers):
    """Harder: through a second name, in a list.

    at: x=0.7, layers=[np.array([0.4, -1.1]), np.array([0.2, 0.5])]
    """
    first = layers[0]
    first[1] = x**2
    return np.sum(layers[0] * layers[1])


def two_names_for_one_argument(x, v, w):
    """Harder: two parameters that could be one array.

    at: x=0.7, v=np.array([0.4, -1.1]), w=np.array([0.3, 0.8])
    """
    v[0] = x * w[0]
    w[1] *= v[0]
    return np.sum(v * w)


# ---------------------------------------------------------------- arrays made here


def filled_zeros(x, u):
    """`np.zeros` filled in a loop"""
    out = np.zeros(len(u))
    for k in range(len(u)):
        out[k] = np.sin(x * u[k])
    return np.sum(out**2)


def filled_zeros_in_part(x, u):
    """Harder: in part, with a condition."""
    out = np.zeros_like(u)
    for k in range(len(u)):
        if u[k] > 0.0:
            out[k] = u[k] * x
    return np.sum((out + 1.0) ** 2)


def filled_empty(x, u):
    """`np.empty` filled in a loop"""
    out = np.empty(len(u))
    for k in range(len(u)):
        out[k] = x * u[k] ** 2
    return np.sum(out**2)


def filled_empty_like(x, M):
    """Harder: `np.empty_like`, by rows."""
    out = np.empty_like(M)
    for k in range(M.shape[0]):
        out[k] = M[k] ** 2 * x
    return np.sum(out * M)


def filled_ones(x, u):
    """`np.ones` and `np.full`, changed in place"""
    out = np.ones(5)
    out *= x
    out[2] = u[2]
    more = np.full(5, x)
    more[1:] += u[:-1]
    return np.sum(out * more)


def filled_copy(x, u):
    """`a.copy()` and `np.copy(a)`, changed in place"""
    a = u.copy()
    a[0] = x
    b = np.copy(a)
    b[0] *= 2.0
    return np.sum(a * u) + b[0] ** 2


def filled_list_of_numbers(x, y):
    """`np.array([...])`, changed in place"""
    a = np.array([x, y, x * y])
    a[1] = a[0] * a[2]
    return np.sum(a**2)


def filled_arithmetic(x, v):
    """The result of arithmetic, changed in place"""
    a = 2.0 * v + x
    a[0] = a[1] * a[2]
    return np.sum(a**2)


def filled_linspace(x):
    """`np.linspace` and `np.arange`, changed in place"""
    t = np.linspace(0.0, 1.0, 4)
    t[1:] *= x
    s = np.arange(4.0)
    s[0] = x**2
    return np.sum(t * s)


def integer_array_cuts_off(x, v):
    """Harder: an integer array cuts what is stored.

    refused: RG406
    """
    a = np.zeros(3, dtype=int)
    a[0] = 9.0 * x
    return a[0] + np.sum(v * x)


def kept_in_float32(x, v):
    """Harder: a float32 array keeps the derivative.

    expect: x=1.0 + np.sum(v), v=x * np.ones(3)
    rtol: 1e-6
    """
    a = np.zeros(3, dtype=np.float32)
    a[0] = x
    return a[0] * 1.0 + np.sum(v * x)


def fill_method(x, v):
    """`a.fill(e)`"""
    a = v * x
    seen = np.sum(a)
    a.fill(x)
    return seen + np.sum(a * v)


def copyto(x, v):
    """`np.copyto(a, b)`"""
    a = np.zeros(3)
    np.copyto(a, v * x)
    return np.sum(a**2)


# ---------------------------------------------------------------- whole programs


def diffusion_in_place(x, u, n):
    """A stencil in place, time step by time step"""
    for _ in range(n):
        for k in range(1, len(u) - 1):
            gap = u[k - 1] - u[k]
            u[k] = u[k] + x * np.sin(gap) * u[k + 1]
    return np.sum(u * u)


def wave_equation(x, u, n):
    """Harder: slices of three arrays in turn."""
    past, now = u.copy(), u.copy()
    after = np.zeros(5)
    for _ in range(n):
        after[1:-1] = 2.0 * now[1:-1] - past[1:-1] + x * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        past[:] = now
        now[:] = after
    return np.sum(now**2)


def cholesky(S):
    """Harder: a factorisation, element by element."""
    A = S @ S.T + np.eye(3)
    L = np.zeros((3, 3))
    for r in range(3):
        for c in range(r + 1):
            rest = A[r, c]
            for k in range(c):
                rest -= L[r, k] * L[c, k]
            if r == c:
                L[r, r] = np.sqrt(rest)
            else:
                L[r, c] = rest / L[c, c]
    return np.sum(L**2) + L[2, 0]


def gaussian_elimination(S, v):
    """Harder: a linear system, by rows in place."""
    A = S + 3.0 * np.eye(3)
    for k in range(3):
        for r in range(k + 1, 3):
            factor = A[r, k] / A[k, k]
            A[r] -= factor * A[k]
            v[r] -= factor * v[k]
    solution = np.zeros(3)
    for k in reversed(range(3)):
        solution[k] = (v[k] - A[k, k + 1 :] @ solution[k + 1 :]) / A[k, k]
    return np.sum(solution**2)
