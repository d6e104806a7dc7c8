"""What demo, tests and benchmarks set up alike: the operator installed, its process, an account."""

from stage.account import Account
from stage.install import OPERATOR_NAMESPACE, install
from stage.operator_process import OperatorProcess
from stage.samples import prepare_samples

__all__ = ["OPERATOR_NAMESPACE", "Account", "OperatorProcess", "install", "prepare_samples"]
