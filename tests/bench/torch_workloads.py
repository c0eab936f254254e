"""PyTorch's side of the workloads: reads the examples' file, then lines "WORKLOAD STEPS", and answers each with a line of
the microseconds that so many steps took, one by one. Eager, as the lectures' notebooks write them."""

import json
import sys
import time

import torch
import torch.nn.functional as F

EMBEDDING = 10
generator = torch.Generator().manual_seed(2147483647)


def load(path):
    with open(path) as file:
        examples = json.load(file)
    return torch.tensor(examples["contexts"]).view(-1, 3), torch.tensor(examples["targets"]), examples["vocabulary"]


contexts, targets, vocabulary = load(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))


def minibatch(size):
    ix = torch.randint(0, contexts.shape[0], (size,), generator=generator)
    return contexts[ix], targets[ix]


class Decomposed:
    """The batch-norm MLP with every intermediate named: by autograd, retaining all, or by the fused backward by hand."""

    def __init__(self, by_hand=None, hidden=200, n=32):
        draw = lambda *shape: torch.randn(shape, generator=generator)
        width = 3 * EMBEDDING
        self.n, self.by_hand = n, by_hand
        self.parameters = [
            draw(vocabulary, EMBEDDING), draw(width, hidden) * (5 / 3) / width**0.5, draw(hidden) * 0.1,
            draw(hidden, vocabulary) * 0.1, draw(vocabulary) * 0.1, draw(1, hidden) * 0.1 + 1.0, draw(1, hidden) * 0.1,
        ]
        for parameter in self.parameters:
            parameter.requires_grad = by_hand is None

    def step(self):
        if self.by_hand is None:
            self.step_by_autograd()
        else:
            with torch.no_grad():
                self.step_by_hand()

    def step_by_autograd(self):
        C, W1, b1, W2, b2, bngain, bnbias = self.parameters
        n = self.n
        Xb, Yb = minibatch(n)
        emb = C[Xb]
        embcat = emb.view(n, -1)
        hprebn = embcat @ W1 + b1
        bnmeani = 1 / n * hprebn.sum(0, keepdim=True)
        bndiff = hprebn - bnmeani
        bndiff2 = bndiff**2
        bnvar = 1 / (n - 1) * bndiff2.sum(0, keepdim=True)
        bnvar_inv = (bnvar + 1e-5) ** -0.5
        bnraw = bndiff * bnvar_inv
        hpreact = bngain * bnraw + bnbias
        h = torch.tanh(hpreact)
        logits = h @ W2 + b2
        logit_maxes = logits.max(1, keepdim=True).values
        norm_logits = logits - logit_maxes
        counts = norm_logits.exp()
        counts_sum = counts.sum(1, keepdim=True)
        counts_sum_inv = counts_sum**-1
        probs = counts * counts_sum_inv
        logprobs = probs.log()
        loss = -logprobs[range(n), Yb].mean()
        for parameter in self.parameters:
            parameter.grad = None
        for node in (
            emb, embcat, hprebn, bnmeani, bndiff, bndiff2, bnvar, bnvar_inv, bnraw, hpreact, h, logits, logit_maxes,
            norm_logits, counts, counts_sum, counts_sum_inv, probs, logprobs,
        ):
            node.retain_grad()
        loss.backward()
        for parameter in self.parameters:
            parameter.data += -0.1 * parameter.grad
        return loss.item()

    def step_by_hand(self):
        C, W1, b1, W2, b2, bngain, bnbias = self.parameters
        n = self.n
        Xb, Yb = minibatch(n)
        emb = C[Xb]
        embcat = emb.view(n, -1)
        hprebn = embcat @ W1 + b1
        bnmean = hprebn.mean(0, keepdim=True)
        bnvar_inv = (hprebn.var(0, keepdim=True, unbiased=True) + 1e-5) ** -0.5
        bnraw = (hprebn - bnmean) * bnvar_inv
        h = torch.tanh(bngain * bnraw + bnbias)
        logits = h @ W2 + b2
        loss = F.cross_entropy(logits, Yb)
        dlogits = F.softmax(logits, 1)
        dlogits[range(n), Yb] -= 1
        dlogits /= n
        dhpreact = (1.0 - h**2) * (dlogits @ W2.T)
        dW2, db2 = h.T @ dlogits, dlogits.sum(0)
        dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
        dbnbias = dhpreact.sum(0, keepdim=True)
        dhprebn = bngain * bnvar_inv / n * (n * dhpreact - dbnbias - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))
        dW1, db1 = embcat.T @ dhprebn, dhprebn.sum(0)
        demb = (dhprebn @ W1.T).view(emb.shape)
        dC = torch.zeros_like(C)
        if self.by_hand == "vectorised":
            dC.index_add_(0, Xb.view(-1), demb.view(-1, EMBEDDING))
        else:
            for k in range(Xb.shape[0]):
                for j in range(Xb.shape[1]):
                    dC[Xb[k, j]] += demb[k, j]
        for parameter, gradient in zip(self.parameters, (dC, dW1, db1, dW2, db2, dbngain, dbnbias)):
            parameter += -0.1 * gradient
        return loss.item()


class DeepStack:
    """The deep Tanh stack, every layer's output retained; with `measures`, the notebook's statistics every step."""

    def __init__(self, batch_norm=False, measures=False, hidden=100, n=32, depth=5):
        self.n, self.batch_norm, self.measures = n, batch_norm, measures
        self.embedding = torch.randn((vocabulary, EMBEDDING), generator=generator)
        sizes = [3 * EMBEDDING, *[hidden] * depth, vocabulary]
        gain = 1.0 if batch_norm else 5 / 3
        self.layers = []
        for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
            last = index == depth
            weight = torch.randn((fan_in, fan_out), generator=generator) / fan_in**0.5 * (0.1 if last and not batch_norm else gain)
            bias = None if batch_norm else torch.zeros(fan_out)
            norm = None
            if batch_norm:
                norm = [torch.ones(fan_out) * (0.1 if last else 1.0), torch.zeros(fan_out), torch.zeros(fan_out), torch.ones(fan_out)]
            self.layers.append((weight, bias, norm, last))
        self.parameters = [self.embedding]
        for weight, bias, norm, _ in self.layers:
            self.parameters += [weight] + ([bias] if bias is not None else []) + (norm[:2] if norm is not None else [])
        for parameter in self.parameters:
            parameter.requires_grad = True

    def step(self):
        Xb, Yb = minibatch(self.n)
        x = self.embedding[Xb].view(self.n, -1)
        outputs, activations = [], []
        for weight, bias, norm, last in self.layers:
            x = x @ weight
            if bias is not None:
                x += bias
            outputs.append(x)
            if norm is not None:
                mean, variance = x.mean(0, keepdim=True), x.var(0, keepdim=True)
                x = norm[0] * ((x - mean) / torch.sqrt(variance + 1e-5)) + norm[1]
                outputs.append(x)
                with torch.no_grad():
                    norm[2] = 0.9 * norm[2] + 0.1 * mean
                    norm[3] = 0.9 * norm[3] + 0.1 * variance
            if not last:
                x = torch.tanh(x)
                outputs.append(x)
                activations.append(x)
        loss = F.cross_entropy(x, Yb)
        for output in outputs:
            output.retain_grad()
        for parameter in self.parameters:
            parameter.grad = None
        loss.backward()
        for parameter in self.parameters:
            parameter.data += -0.1 * parameter.grad
        if self.measures:
            with torch.no_grad():
                self.measure(activations)
        return loss.item()

    def measure(self, activations):
        ratios = [((0.1 * p.grad).std() / p.data.std()).log10().item() for p in self.parameters]
        figures = []
        for output in activations:
            figures.append((output.mean().item(), output.std().item(), (output.abs() > 0.97).float().mean().item()))
            figures.append(torch.histogram(output, bins=100, density=True))
            figures.append((output.grad.mean().item(), output.grad.std().item()))
            figures.append(torch.histogram(output.grad, bins=100, density=True))
        return ratios, figures


WORKLOADS = {
    "W1": lambda: Decomposed(),
    "W2": lambda: Decomposed("loop"),
    "W2v": lambda: Decomposed("vectorised"),
    "W3": lambda: DeepStack(),
    "W3bn": lambda: DeepStack(batch_norm=True),
    "W4": lambda: DeepStack(measures=True),
    "W4bn": lambda: DeepStack(batch_norm=True, measures=True),
    "W5": lambda: DeepStack(hidden=1024, n=256),
}
running = {}
print(f"torch {torch.__version__}", flush=True)
for line in sys.stdin:
    name, steps = line.split()
    if name not in running:
        running[name] = WORKLOADS[name]()
    network = running[name]
    times = []
    for _ in range(int(steps)):
        began = time.perf_counter()
        network.step()
        times.append((time.perf_counter() - began) * 1e6)
    print(json.dumps(times), flush=True)
