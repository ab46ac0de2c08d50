"""Every remedy in Python is typed where the error was, or alone as it stands, and works; texts are collected.

``§…§`` in a case marks what is wrong in it: a remedy goes there, unless it is a call of its own.
"""

import ast
import io
import re
from collections.abc import Iterator
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import torch

import matcube as mc
from matcube.errors import MatcubeError
from tests.regressions.remedies import SOURCE, texts_of

CASES = """
fig.animate("vmprod", §duration=3§)
fig.animate("vmprod", §fps=3§)
"""
