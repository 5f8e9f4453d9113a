"""The first of a queue is popped: its cotangent goes back to the front.

wrt: x    mode: grad    at: x=0.7, n=5
types: x: float, n: int
"""


def circle(x, n):
    queue = [x, x * x, 1.0]
    for _ in range(n):
        v = queue.pop(0)
        queue.append(v * queue[0])
    return queue[0] + queue[-1]


# ---- gradient ----
from retrograd.runtime import zeros_like


def circle_grad(x, n):
    """Gradient of `circle` with respect to x."""
    v_saved = []
    queue = [x, x * x, 1.0]
    for _ in range(n):
        v = queue.pop(0)
        v_saved.append(v)
        queue.append(v * queue[0])

    # return queue[0] + queue[-1]
    queue_bar = zeros_like(queue)
    queue_bar[0] += 1.0
    queue_bar[-1] += 1.0
    for k in reversed(range(n)):
        v = v_saved[k]
        # queue.append(v * queue[0])
        queue.pop()
        item_bar = queue_bar.pop()
        v_bar = queue[0] * item_bar
        queue_bar[0] += v * item_bar
        # v = queue.pop(0)
        queue_bar.insert(0, v_bar)
        queue.insert(0, v)
    # queue = [x, x * x, 1.0]
    x_bar = queue_bar[0] + 2.0 * x * queue_bar[1]
    return x_bar
