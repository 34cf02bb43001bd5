"""What the warm process imports before kernels are forked from it; nothing of TensorFlow may run here."""

# ruff: noqa: F401
import os
import signal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Ctrl-C at the terminal is for the command line, which ends this process itself; kernels listen again.
signal.signal(signal.SIGINT, signal.SIG_IGN)

# TensorFlow greets on the standard error stream, which here is the terminal of the build.
_terminal = os.dup(2)
_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 2)
try:
    import ipykernel.kernelapp
    import IPython.core.completer
    import skimage.feature
    import sklearn.model_selection

    import reportgen.datasets.decoded
    import reportgen.lab  # which imports TensorFlow
finally:
    os.dup2(_terminal, 2)
    os.close(_terminal)
    os.close(_nowhere)
