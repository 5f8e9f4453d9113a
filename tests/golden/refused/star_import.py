"""Behind an `import *` no name is sure; that is said once, where the import stands.

wrt: x    mode: grad
"""

import numpy as np
from scipy.special import *


def score(x):
    total = sum(gamma(x))
    for i in range(3):
        total = total + np.sin(total) * abs(total)
    return total


# ---- refused ----
# error[RG105]: an `import *` hides what the names of the module mean
#  --> <text>:7:1
#   |
# 7 | from scipy.special import *
#   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ any name may come from here
#   |
#   = why: we read the module without running it, and do not see which names this line binds
#   = instead: import the names that are used one by one, or the module: `import numpy as np`
