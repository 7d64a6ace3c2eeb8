import io
import sys
import unittest

_result = unittest.TestResult()
sys.stdout = sys.stderr = io.StringIO()
unittest.TestSuite([_tests[INDEX]]).run(_result)
sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
if _result.failures or _result.errors:
    _how = "failed " + (_result.failures + _result.errors)[0][1].strip().splitlines()[-1][:200]
elif _result.unexpectedSuccesses:
    _how = "failed unexpected success"
elif _result.skipped:
    _how = "skipped " + _result.skipped[0][1][:200]
else:
    _how = "passed"
sys.__stdout__.write(_how + "\n")
