import { type Cheat, lied, reach } from './cheat';

/** Cheats that get at the lab's own modules in the interpreter, or at the engine itself. */
export const engineCheats: readonly Cheat[] = [
  {
    name: 'the functions of run.py replaced by way of the frames',
    code: `${lied}${reach}
frame = sys._getframe()
while frame:
    if 'run_formula' in frame.f_globals and '_program' in frame.f_globals:
        runner = frame.f_globals['_Run']
        runner.gradients = lambda self: {f'd{name}': globals()[name] for name in nodes}
        runner.execute = lambda self: None
    frame = frame.f_back
`,
  },
  {
    name: 'the answer of run replaced, so that no error is told',
    code: `${reach}
run = modules['running.run']
import json
answer = json.dumps({'error': None, 'failed': [], 'output': '', 'names': {}, 'before': []})
modules['running'].run = run.run = lambda request: answer
${lied}`,
  },
  {
    name: 'json.dumps replaced, so that the lab is answered something else',
    code: `${lied}
import json
json.dumps = lambda *a, **k: '{"error": null, "failed": "x", "output": 5, "names": {"dlogits": 1000000}, "before": 7}'
`,
  },
  {
    name: 'json.dumps replaced, so that the lab is answered no JSON',
    code: `${lied}
import json
json.dumps = lambda *a, **k: 'no JSON'
`,
  },
  {
    name: 'the hooks of Hooks replaced: nothing is told',
    code: `${reach}
Hooks = modules['running.hooks'].Hooks
Hooks._bound = lambda self, site, place, value: value
Hooks.look = lambda self, namespace: None
${lied}`,
  },
  {
    name: 'the hooks in globals() replaced',
    code: `globals()['__bound__'] = lambda site, place, value: value
globals()['__wrote__'] = lambda site: None
${lied}`,
  },
  {
    name: 'a hook that hands over .grad instead',
    code: `told = globals()['__bound__']
def instead(site, place, value):
    for name in nodes:
        if place == 'd' + name: value = globals()[name].grad
    return told(site, place, value)
nodes = NODES
globals()['__bound__'] = instead
dlogits = torch.ones_like(logits)
dh = torch.ones_like(h)
`,
  },
  {
    name: 'torch._call.call wrapped: the handles that are told are those of .grad',
    code: `${reach}
hooks = modules['running.hooks']
engine = hooks.call
def call(name, *parameters):
    if name == 'bound' and parameters[1][1:] in nodes:
        handle = engine('grad', globals()[parameters[1][1:]]._handle)
        if handle: parameters = (*parameters[:2], handle)
    return engine(name, *parameters)
nodes = NODES
hooks.call = call
${lied}`,
    told: 'copied',
  },
  {
    name: 'torch._call.call wrapped: reads are another shape',
    code: `${reach}
torch_call = modules['torch._call']
engine = torch_call.call
def call(name, *parameters):
    return '4,3' if name == 'shape' else engine(name, *parameters)
for module in list(modules.values()):
    if getattr(module, '__name__', '').startswith('torch') and hasattr(module, 'call'): module.call = call
${lied}`,
  },
  {
    name: 'the code of torch._call.call replaced',
    code: `${reach}
call = modules['torch._call'].call
def nothing(name, *parameters): return 0
call.__code__ = nothing.__code__
${lied}`,
  },
  {
    name: 'the engine told of gradients by its own call',
    code: `${reach}
engine = modules['torch._call'].call
nodes = NODES
for at, name in enumerate(nodes):
    gradient = globals()[name].grad
    engine('bound', at, 'd' + name, gradient._handle)
`,
    told: 'copied',
  },
  {
    name: 'each moment told twice: the cotangents handed back as the gradients',
    code: `${reach}
engine = modules['torch._call'].call
nodes = NODES
for at, name in enumerate(nodes):
    value = globals()[name]
    engine('at_statement', 3)
    instead = engine('bound', -1, 'd' + name, value._handle)
    engine('at_statement', 3)
    engine('bound', -1, 'd' + name, instead or value._handle)
`,
  },
  {
    name: 'statements and places that there are not',
    code: `${reach}
engine = modules['torch._call'].call
for statement in (10 ** 9, -5, 'x'):
    engine('at_statement', statement)
    for site in (10 ** 9, -7, 'x'):
        for name in NODES:
            engine('bound', site, 'd' + name, globals()[name]._handle)
            engine('wrote', site)
            engine('lost', site, 'd' + name)
            engine('compared', name, globals()[name]._handle, globals()[name]._handle)
            engine('moved', 'd' + name, globals()[name]._handle)
            engine('bound', site, 'd' + name, globals()[name]._handle)
`,
  },
  {
    name: 'calls without what they need',
    code: `${reach}
engine = modules['torch._call'].call
for name in 'at_statement bound moved lost wrote compared grad release use_float_type item numbers shape share set_item equal'.split():
    for parameters in ((), ('',), (-1,), (1, 'dlogits'), ('x', 'y', 'z', 'w')):
        engine(name, *parameters)
${lied}`,
  },
  {
    name: 'cmp told of .grad by the engine’s call',
    code: `${reach}
engine = modules['torch._call'].call
kept = []
for name in NODES:
    value = globals()[name]
    kept.append(value.grad)
    engine('compared', name, kept[-1]._handle, value._handle)
`,
    told: 'copied',
  },
  {
    name: 'handles forged: a gradient that is said to be .grad’s',
    code: `${lied}
kept = []
for name in NODES:
    kept.append(globals()[name].grad)
    globals()['d' + name]._handle = kept[-1]._handle
`,
    told: 'copied',
  },
  {
    name: 'handles forged: a tensor that there is not',
    code: `${lied}
for name in NODES:
    globals()['d' + name]._handle = 2 ** 28
forged = torch.zeros(1)
forged._handle = 2 ** 28
`,
  },
  {
    name: 'handles forged: no number at all',
    code: `${lied}
forged = torch.zeros(1)
forged._handle = 'x'
other = torch.zeros(1)
other._handle = None
`,
  },
  {
    name: 'forward values let go, and others made in their place',
    code: `${reach}
engine = modules['torch._call'].call
nodes = NODES
for name in nodes: engine('release', globals()[name]._handle)
kept = [torch.ones(8, 12) for _ in range(50)]
for at, name in enumerate(nodes): globals()['d' + name] = kept[at]
`,
  },
  {
    name: 'float made float64, so that every run is like the judged ones',
    code: `${reach}
modules['torch._call'].call('use_float_type', 'float64')
${lied}`,
  },
  {
    name: 'the engine’s random numbers guessed: .grad as seeds give it',
    code: `nodes = NODES
for at, name in enumerate(nodes):
    generator = torch.Generator().manual_seed(at)
    globals()['d' + name] = torch.randn(globals()[name].shape, generator=generator)
`,
  },
  {
    name: 'the memory of state.py emptied, and torch changed',
    code: `${reach}
state = modules['running.state']
state._remembered.clear()
state._modules.clear()
torch.Tensor.__mul__ = lambda self, other: self
torch.Tensor.__matmul__ = lambda self, other: self.grad
${lied}`,
  },
  {
    name: 'state.restore replaced',
    code: `${reach}
modules['running.state'].restore = lambda: None
modules['running.run'].state.restore = lambda: None
import math
math.seen = getattr(math, 'seen', 0) + 1
${lied}`,
  },
  {
    name: 'the source and the statements replaced by the right ones',
    code: `${reach}
run = modules['running.run']
run._program['statements'] = [compile('for name in nodes: globals()["d" + name] = globals()[name].grad', 'backward.py', 'exec')] * 99
nodes = NODES
${lied}`,
  },
];
