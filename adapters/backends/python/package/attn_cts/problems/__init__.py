"""Judge of generated kernels: files with Model, ModelNew, get_inputs and get_init_inputs, as KernelBench has them."""

from .problem import Problem, ProblemError, read_problem
from .verdict import Cause, ProblemVerdict, judge_problem

__all__ = ["Cause", "Problem", "ProblemError", "ProblemVerdict", "judge_problem", "read_problem"]
