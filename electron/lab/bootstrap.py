"""
Loads the lab's modules, and then, when an interpreter begins its work, closes the ways out of Python and gives back the function
by which the lab is called. What is loaded can be kept as a snapshot of the memory, from which interpreters begin at once.

What `close` takes away, code that walks `__subclasses__` may still find something of; that nothing lies behind it is the duty of
where Python runs: see README.md.
"""

import importlib.abc
import importlib.util
import json
import sys
import types

# Modules by whose names JavaScript, the machine or other modules could be had.
CLOSED = """
    js pyodide pyodide_js _pyodide _pyodide_core micropip
    _ctypes ctypes _posixsubprocess subprocess _socket socket _ssl ssl select selectors fcntl mmap termios
    asyncio _asyncio concurrent multiprocessing threading signal atexit faulthandler webbrowser urllib http
    importlib _imp zipimport zipfile runpy pkgutil gc _testcapi _testinternalcapi _testlimitedcapi _remote_debugging
    tempfile shutil glob pathlib logging site
""".split()
# Of these nothing stays at all, wherever it may still be known: they hold objects of JavaScript's.
JAVASCRIPT = "js pyodide pyodide_js _pyodide _pyodide_core".split()
# How the import system makes modules that are not Python: for ever gone.
MAKERS = "create_builtin create_dynamic exec_builtin exec_dynamic get_frozen_object init_frozen".split()
# What of `os` would act on the machine. None of it works in WebAssembly; it need not be there to be tried.
ACTIONS = "abort execv execve fork fork1 forkpty kill killpg popen posix_spawn posix_spawnp putenv spawnv spawnve system".split()
# What the standard library imports only when it is needed cannot be had later.
LATE = "_suggestions _colorize difflib linecache textwrap tokenize unicodedata _ast_unparse".split()
# What an interpreter is for, and the packages that it does without.
ROLES = {"reading": (), "running": ("reading",)}


class SourcesFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports from texts in memory."""

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name not in self.sources:
            return None
        is_package = any(other.startswith(name + ".") for other in self.sources)
        return importlib.util.spec_from_loader(name, self, is_package=is_package)

    def exec_module(self, module):
        name = module.__name__
        exec(compile(self.sources[name], f"<{name}>", "exec"), module.__dict__)


def load(modules):
    """Imports every module of the lab, and what the standard library would import later."""
    sources = {module["name"]: module["source"] for module in json.loads(modules)}
    sys.meta_path.insert(0, SourcesFinder(sources))
    for name in [*ROLES, *LATE]:
        __import__(name)


def close(role):
    """After this nothing can be imported but what is loaded, and that without what is closed."""
    imports = sys.modules["_imp"]
    for name in MAKERS:
        delattr(imports, name)
    for module in (sys.modules["os"], sys.modules["posix"]):
        for name in ACTIONS:
            if hasattr(module, name):
                delattr(module, name)
    for name in list(sys.modules):
        top = name.partition(".")[0]
        if top in CLOSED or top in ROLES[role]:
            module = sys.modules.pop(name)
            if isinstance(module, types.ModuleType) and (top in JAVASCRIPT or top in ROLES[role]):
                vars(module).clear()
    for way in (sys.meta_path, sys.path_hooks, sys.path):
        way.clear()
    sys.path_importer_cache.clear()


def begin(role, device):
    """
    Closes the interpreter, and gives the function that calls one of its role's package. `device`: the file by which the engine
    is called; empty where there is none.
    """
    package = sys.modules[role]
    functions = {name: getattr(package, name) for name in package.__all__}
    if device:
        sys.modules["torch._call"].connect(sys.modules["os"].open(device, 2))
    prepare = package.prepare
    close(role)
    prepare()

    def call(name, request):
        try:
            # An interrupt that came too late for the task before is raised here, where it harms nobody.
            for _ in (1, 2, 3):
                pass
        except KeyboardInterrupt:
            pass
        return functions[name](request)

    return call
