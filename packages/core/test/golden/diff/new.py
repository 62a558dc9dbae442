"""doc"""
import os
import sys

def f(x, y=1):
    total = 0
    for i in range(x):
        print(i)
        if i % 2:
            total += i
        else:
            total -= y * 2
    try:
        return os.path.join("a", str(total))
    except KeyError as e:
        print("bad", e)
    return [lambda: 1, lambda q: 17, lambda z: z + total]

class D:
    def method(self):
        return {"a", "b", "c"} if self in {"x", "y", "zz"} else None

def come(a, b):
    return 1
