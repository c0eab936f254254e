import { beforeAll, describe, expect, test } from 'vitest';
import { startPython, type TestPython } from './python';

let python: TestPython;
beforeAll(async () => {
  python = await startPython();
  python.run(`
import ast
from running.offer import new_builtins
from reading.imports import notes_on
def attempt(code):
    notes = notes_on(ast.parse(code).body)
    namespace = {"__builtins__": new_builtins()}
    try:
        exec(code, namespace)
        error = None
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
    return {"error": error, "notes": notes, "result": namespace.get("result")}
`);
}, 60_000);

const attempt = (code: string) =>
  python.evaluate<{ error: string | null; notes: string[]; result: unknown }>(`attempt(${JSON.stringify(code)})`);

describe('modules that draw or show progress', () => {
  test.each([
    [
      'import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1]); ax.set_title("x"); plt.show()',
      'matplotlib',
    ],
    [
      'import matplotlib.pyplot as plt\nfig, axs = plt.subplots(2, 3, figsize=(4, 4))\naxs[0, 1].plot(1); axs[1][2].bar(1)\nresult = [len(axs), len(list(axs.flat)), len([a for row in axs for a in row])]\nassert result == [2, 6, 6]',
      'matplotlib',
    ],
    [
      'from matplotlib import pyplot as plt\nfig, (a, b) = plt.subplots(1, 2)\n(c, d), (e, f) = plt.subplots(2, 2)[1]\na.imshow(1); f.imshow(2)',
      'matplotlib',
    ],
    [
      'import matplotlib\nimport matplotlib.pyplot\nmatplotlib.use("Agg")\nn, bins, patches = matplotlib.pyplot.hist([1])',
      'matplotlib',
    ],
    [
      'from matplotlib.pyplot import *\nimport matplotlib.pyplot as plt\nwith plt.style.context("dark"):\n    plt.rcParams["figure.dpi"] = 3\n    low, high = plt.gca().get_ylim()\n    x = 2 * low + plt.cm.viridis(0.1)\n    assert not low > high and f"{low:.2f}"',
      'matplotlib',
    ],
    ['import seaborn as sns\nsns.set_theme(); sns.heatmap([1]).set(title="x")', 'seaborn'],
    [
      'from IPython.display import display, clear_output, Image\nclear_output(wait=True); display(Image("x"))',
      'IPython',
    ],
    ['import wandb\nwandb.init(project="x").log({"loss": 1})', 'wandb'],
  ])('%s', (code, module) => {
    const { error, notes } = attempt(code);
    expect(error).toBeNull();
    expect(notes).toEqual([`${module} draws nothing here.`]);
  });

  test.each([
    'from tqdm import tqdm\nresult = [i for i in tqdm([1, 2, 3], desc="x")]',
    'from tqdm.auto import tqdm\nbar = tqdm(range(1, 4))\nresult = []\nfor i in bar:\n    bar.set_postfix(loss=1); bar.update()\n    result.append(i)',
    'import tqdm\nresult = list(tqdm.tqdm([1, 2, 3]))',
    'from tqdm.notebook import trange\nwith trange(1, 4) as bar:\n    result = list(bar)',
  ])('go through what they are given: %s', (code) => {
    expect(attempt(code)).toEqual({ error: null, notes: ['tqdm shows no progress here.'], result: [1, 2, 3] });
  });

  test('a decorator of theirs leaves the function', () => {
    expect(attempt('import wandb\n@wandb.traced\ndef f(x):\n    return x + 1\nresult = f(1)').result).toBe(2);
  });

  test('IPython’s own names are there without an import, and say nothing', () => {
    expect(attempt('get_ipython().run_line_magic("matplotlib", "inline")\ndisplay(3)')).toEqual({
      error: null,
      notes: [],
      result: null,
    });
  });
});

describe('modules that are not here', () => {
  test('can be imported, and their harmless calls made', () => {
    const code = `
import numpy as np, pandas as pd, os, sys, requests, urllib.request, warnings, logging
import torch.optim as optim
import torch.utils.data
from torch.utils.data import DataLoader, Dataset
from torch import optim, nn
from sklearn.model_selection import train_test_split
from PIL import Image
from pathlib import Path
np.random.seed(42); sys.path.append(".."); os.environ["X"] = "1"; warnings.filterwarnings("ignore")
result = 1`;
    expect(attempt(code)).toEqual({ error: null, notes: [], result: 1 });
  });

  test.each([
    [
      'import numpy as np\nnp.zeros(3)',
      "numpy.zeros cannot be used: the lab has no module named 'numpy'; compute it with torch.",
    ],
    [
      'import numpy as np\nx = np.pi * 2',
      "numpy.pi cannot be used: the lab has no module named 'numpy'; compute it with torch.",
    ],
    [
      'import numpy as np\nx = 2 ** np.e',
      "numpy.e cannot be used: the lab has no module named 'numpy'; compute it with torch.",
    ],
    [
      'from torch.optim import Adam\nAdam([])',
      "torch.optim.Adam cannot be used: the lab has no module named 'torch.optim'; compute it with torch.",
    ],
    [
      'import torch.optim as o\no.SGD([])',
      "torch.optim.SGD cannot be used: the lab has no module named 'torch.optim'; compute it with torch.",
    ],
    [
      'from torch.utils.data import Dataset\nclass Names(Dataset):\n    pass',
      "torch.utils.data.Dataset cannot be used: the lab has no module named 'torch.utils'; compute it with torch.",
    ],
    [
      'import os\nos.listdir("/")',
      "os.listdir cannot be used: the lab has no module named 'os'; the lab has no files and no network.",
    ],
    [
      'import sys\nsys.modules["x"]',
      "sys.modules cannot be used: the lab has no module named 'sys'; the lab has no files and no network.",
    ],
    [
      'from urllib.request import urlopen\nurlopen("x")',
      "urllib.request.urlopen cannot be used: the lab has no module named 'urllib'; the lab has no files and no network.",
    ],
  ])('say so at their first use: %s', (code, message) => {
    expect(attempt(code).error).toBe(`ImportError: ${message}`);
  });

  test.each(['js', 'pyodide', 'socket', 'ctypes', 'subprocess', 'importlib', 'google.colab', 'mine'])(
    'nothing stands in for %s',
    (name) => {
      expect(attempt(`import ${name}`).error).toMatch(
        `ImportError: The lab has no module named '${name}'. It offers: `,
      );
    },
  );
});

test('modules that only compute are Python’s own', () => {
  const code = `
from __future__ import annotations
import re, json, copy, string, pprint, datetime, math, random, time, itertools, collections, functools, typing, enum, textwrap
result = [json.loads("[1]"), copy.deepcopy([2]), re.sub("a", "b", "a"), string.ascii_lowercase[:2]]`;
  expect(attempt(code)).toEqual({ error: null, notes: [], result: [[1], [2], 'b', 'ab'] });
});
