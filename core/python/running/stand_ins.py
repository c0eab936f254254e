"""
What stands in for modules that the lab has not. Those that draw or show progress take every use and do nothing, so that
a file that draws runs; those that compute or reach the machine can be imported, and raise ImportError at their first use.
"""

DRAWING = """
    matplotlib mpl_toolkits seaborn plotly bokeh altair graphviz pydot torchviz torchview torchsummary torchinfo IPython
    ipywidgets wandb tensorboard tensorboardX
""".split()
PROGRESS = "tqdm".split()
QUIET = "logging warnings".split()
# Modules of torch among them: everything under these names.
ABSENT = """
    numpy pandas scipy sklearn PIL cv2 requests urllib os sys pathlib pickle glob shutil gzip zipfile csv argparse datasets
    transformers tiktoken micrograd nltk torchvision torchtext torchaudio torchmetrics
    torch.optim torch.utils torch.autograd torch.nn.init torch.nn.utils torch.nn.parameter torch.distributions torch.cuda
    torch.backends torch.jit
""".split()
# What is called in passing, and changes nothing that is judged.
_HARMLESS = """
    numpy.random.seed numpy.set_printoptions pandas.set_option sys.path.append sys.path.insert os.environ.setdefault
""".split()


def find(name):
    """What stands in for the module of that name; None where nothing does."""
    top = name.partition(".")[0]
    if top in DRAWING or top in QUIET:
        return Silent()
    if top in PROGRESS:
        return Progress()
    for absent in ABSENT:
        if name == absent or name.startswith(f"{absent}."):
            return Absent(absent, name)
    return None


class Silent:
    """Takes every use, gives itself, and does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        result = _RESULTS.get(name)
        return self if result is None else result

    def __call__(self, *arguments, **named):
        # As a decorator it leaves the function as it is.
        alone = len(arguments) == 1 and not named
        return arguments[0] if alone and hasattr(arguments[0], "__code__") else self

    def __setattr__(self, name, value):
        pass

    def __getitem__(self, key):
        return self

    def __setitem__(self, key, value):
        pass

    def __delitem__(self, key):
        pass

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __bool__(self):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return False

    def __contains__(self, item):
        return False

    def __float__(self):
        return 0.0

    def __int__(self):
        return 0

    def __repr__(self):
        return "<nothing is drawn>"

    def __format__(self, specification):
        return repr(self)


class Axes(Silent):
    """The axes of `plt.subplots(rows, columns)`: as many as there would be, none of which draws."""

    def __init__(self, shape):
        object.__setattr__(self, "_shape", shape)

    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        return _axes(self._shape[len(keys) :])

    def __iter__(self):
        return iter([_axes(self._shape[1:]) for _ in range(self._shape[0])])

    def __len__(self):
        return self._shape[0]

    def __getattr__(self, name):
        if name in ("flat", "flatten", "ravel", "reshape"):
            count = 1
            for size in self._shape:
                count *= size
            flat = Axes((count,))
            return flat if name == "flat" else lambda *_arguments, **_named: flat
        return super().__getattr__(name)


def _axes(shape):
    return Axes(shape) if shape else Silent()


def _subplots(nrows=1, ncols=1, *_arguments, squeeze=True, **_named):
    shape = (nrows, ncols)
    if squeeze:
        shape = tuple(size for size in shape if size != 1)
    return Silent(), _axes(shape)


def _several(count):
    return lambda *_arguments, **_named: (Silent(),) * count


# What gives several things, which the code takes apart.
_RESULTS = {
    "subplots": _subplots,
    "hist": _several(3),
    "hist2d": _several(4),
    "get_xlim": _several(2),
    "get_ylim": _several(2),
    "get_legend_handles_labels": _several(2),
}


class Progress(Silent):
    """tqdm: goes through what it is given, without a word."""

    def __getattr__(self, name):
        if name in ("tqdm", "tqdm_notebook"):
            return Bar
        if name in ("trange", "tnrange"):
            return lambda *bounds, **_named: Bar(range(*bounds))
        return super().__getattr__(name)

    def __call__(self, iterable=(), *_arguments, **_named):
        return Bar(iterable)


class Bar(Silent):
    """A progress bar that is not shown."""

    def __init__(self, iterable=(), *_arguments, **_named):
        object.__setattr__(self, "_iterable", iterable)

    def __iter__(self):
        return iter(self._iterable)

    def __len__(self):
        return len(self._iterable)


class Absent:
    """A module that is not here, or a part of one: to use it is an ImportError that names it."""

    def __init__(self, module, path):
        self.__dict__.update(_module=module, _path=path)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self._module, f"{self._path}.{name}")

    def __call__(self, *_arguments, **_named):
        if self._path in _HARMLESS:
            return None
        raise self._error()

    def __setitem__(self, key, value):
        if self._path != "os.environ":
            raise self._error()

    def __mro_entries__(self, bases):
        raise self._error()

    def __repr__(self):
        return f"<{self._path}, which is not here>"

    def _error(self):
        torch_is_enough = "the lab has no files and no network" if self._module in _MACHINE else "compute it with torch"
        message = f"{self._path} cannot be used: the lab has no module named '{self._module}'; {torch_is_enough}."
        return ImportError(message, name=self._module)


_MACHINE = "os sys pathlib pickle glob shutil gzip zipfile csv argparse requests urllib datasets".split()


def _give_itself(self, *_others):
    return self


def _raise(self, *_others):
    raise self._error()


for _name in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split():
    for _prefix in ("", "r", "i"):
        setattr(Silent, f"__{_prefix}{_name}__", _give_itself)
        setattr(Absent, f"__{_prefix}{_name}__", _raise)
for _name in ("lt", "le", "gt", "ge"):
    setattr(Silent, f"__{_name}__", lambda self, other: False)
    setattr(Absent, f"__{_name}__", _raise)
for _name in "neg pos abs invert".split():
    setattr(Silent, f"__{_name}__", _give_itself)
for _name in "getitem iter len bool float int enter neg contains eq instancecheck".split():
    setattr(Absent, f"__{_name}__", _raise)
Absent.__hash__ = object.__hash__
