"""What a notebook imports: data, training and recording; Keras itself stays in the notebook.

Inside ``reportgen build`` a run's settings come from the file that the environment
variable ``REPORTGEN_RUN`` names; alone in Jupyter the same functions find the data
themselves, print, and show.
"""

from reportgen.lab.building import build, build_optimizer, built, per_layer
from reportgen.lab.data import Data, load_dataset
from reportgen.lab.features import hog_features
from reportgen.lab.recording import record
from reportgen.lab.session import prepare
from reportgen.lab.training import train

__all__ = [
    "Data",
    "build",
    "build_optimizer",
    "built",
    "hog_features",
    "load_dataset",
    "per_layer",
    "prepare",
    "record",
    "train",
]
