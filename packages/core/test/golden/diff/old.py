"""doc"""
import os

def f(x, y=1):
    total = 0
    for i in range(x):
        if i % 2:
            total += i
        else:
            total -= y
    try:
        return os.path.join("a", str(total))
    except ValueError as e:
        print("bad", e)
    return [lambda: 1, lambda z: z + total]

class C:
    def method(self):
        return {"a", "b", "c"} if self in {"x", "y", "zz"} else None

def gone():
    return 1
