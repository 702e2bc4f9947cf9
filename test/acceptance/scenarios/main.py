"""Runs the acceptance scenarios. `npm run acceptance` starts it; SKIP names those to leave out, separated by commas."""

import os
import sys
import unittest

from scenarios import Scenarios


class Titles(unittest.TextTestResult):
    """Prints each scenario by its name and title."""

    def getDescription(self, test):
        name = test.id().rsplit(".", 1)[-1].removeprefix("test_").replace("_", "-")
        return f"{name}: {test.shortDescription()}"


def skip(names):
    """Skips scenarios by name, such as `unsigned-requests`. @raises SystemExit when there is none of a name"""
    for name in filter(None, names.split(",")):
        method = f"test_{name.replace('-', '_')}"
        if not hasattr(Scenarios, method):
            sys.exit(f"There is no scenario {name}.")
        setattr(Scenarios, method, unittest.skip("this target cannot do it")(getattr(Scenarios, method)))


if __name__ == "__main__":
    skip(os.environ.get("SKIP", ""))
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Scenarios)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Titles).run(suite)
    sys.exit(not result.wasSuccessful())
