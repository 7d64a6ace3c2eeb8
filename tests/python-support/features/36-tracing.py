# sys.settrace
import sys
lines = []
def trace(frame, event, arg):
    lines.append(event)
    return trace
def f():
    return 1
sys.settrace(trace)
f()
sys.settrace(None)
assert "call" in lines and "return" in lines
