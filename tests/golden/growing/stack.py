"""What is popped from a stack gives its cotangent back to the stack.

wrt: x    mode: grad    at: x=0.7, n=5
types: x: float, n: int
"""


def tree(x, n):
    stack = [x]
    total = 0.0
    grown = 0
    while stack:
        v = stack.pop()
        total = total + v * v
        grown = grown + 1
        if grown < n:
            stack.append(0.5 * v)
            stack.append(x * v)
    return total


# ---- gradient ----
from retrograd.runtime import zeros_like


def tree_grad(x, n):
    """Gradient of `tree` with respect to x."""
    v_saved = []
    grown_saved = []
    stack = [x]
    grown = 0
    while stack:
        v = stack.pop()
        v_saved.append(v)
        grown = grown + 1
        grown_saved.append(grown)
        if grown < n:
            stack.append(0.5 * v)
            stack.append(x * v)

    total_bar = 1.0
    stack_bar = zeros_like(stack)
    x_bar = 0.0
    for k in reversed(range(len(grown_saved))):
        grown = grown_saved[k]
        v = v_saved[k]
        v_bar = 0.0
        if grown < n:
            # stack.append(x * v)
            stack.pop()
            item_bar2 = stack_bar.pop()
            x_bar += v * item_bar2
            v_bar += x * item_bar2
            # stack.append(0.5 * v)
            stack.pop()
            v_bar += 0.5 * stack_bar.pop()
        # total = total + v * v
        v_bar += 2.0 * v * total_bar
        # v = stack.pop()
        stack_bar.append(v_bar)
        stack.append(v)
    # stack = [x]
    x_bar += stack_bar[0]
    return x_bar
