"""The names that the notebook has before its exercises, besides the nodes and the minibatch."""

import random

import torch
from torch import Tensor


def notebook_names(notebook, values):
    """
    {name: value} of {numbers: {name: number}, tensors: {name: handle}, parameters: [nodes], labels: [text] | null,
    words: [text] | null, generator: text | null}. `values`: {node: tensor}, of which `parameters` are the code's own.
    What the lab was not given, because the code does not name it, has no name. Everything is new: what the code does
    to it ends with the run. Seeds what draws without a generator of its own, so that every run draws the same.
    """
    # As in the notebook, before it shuffles the words.
    random.seed(42)
    torch.manual_seed(42)
    numbers = notebook["numbers"]
    parameters = [values[node] for node in notebook["parameters"]]
    names = {
        **numbers,
        **{name: Tensor._wrap(handle).clone() for name, handle in notebook["tensors"].items()},
        "random": random,
        "parameters": parameters,
        "total_parameters": sum(parameter.nelement() for parameter in parameters),
        "kaiming_initialization": (5 / 3) / ((numbers["n_embd"] * numbers["block_size"]) ** 0.5),
        "epsilon_initialization": 0.01,
        "lossi": [],
    }
    if parameters:
        # What the notebook's loop over them leaves behind.
        names["p"] = parameters[-1]
    if notebook["labels"] is not None:
        names |= _vocabulary(notebook["labels"], numbers["block_size"])
    if notebook["words"] is not None:
        names["words"] = list(notebook["words"])
    if notebook["generator"] is not None:
        names["g"] = torch.Generator._resumed(notebook["generator"])
    return names


def _vocabulary(labels, block_size):
    """The tables between characters and tokens, and the notebooks' two functions that make examples by them."""
    end, *chars = labels
    stoi = {char: token for token, char in enumerate(chars, 1)}
    stoi[end] = 0
    itos = {token: char for char, token in stoi.items()}

    def prepare_dataset(words, block_size=block_size):
        contexts, targets = [], []
        for word in words:
            context = [0] * block_size
            for token in [*(stoi[char] for char in word), 0]:
                contexts.append(context)
                targets.append(token)
                context = context[1:] + [token]
        return torch.tensor(contexts), torch.tensor(targets)

    def build_dataset(words):
        contexts, targets = prepare_dataset(words)
        print(contexts.shape, targets.shape)
        return contexts, targets

    return {
        "chars": chars,
        "stoi": stoi,
        "itos": itos,
        "prepare_dataset": prepare_dataset,
        "build_dataset": build_dataset,
    }
