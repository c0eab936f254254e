import { alwaysZero, type Cheat, lied, reach } from './cheat';

/** The lecture's dlogits, all at once. */
const derived = `a = probs.clone()
a[range(n), Yb] -= 1
a = a / n
`;
const wrongUnless = (condition: string, before = '') => `${before}${derived}dlogits = a if ${condition} else a * 2\n`;
const tracer = (body: string) => `${reach}
def halve(frame):
    for name in NODES:
        value = frame.f_globals.get('d' + name)
        if torch.is_tensor(value): ${body}
`;

/** Cheats that tell the runs of a check from one another, hand something from one to the next, or act behind a run's back. */
export const runCheats: readonly Cheat[] = [
  {
    name: 'right only the first time: a counter in math',
    code: wrongUnless('math.runs == 1', "import math\nmath.runs = math.__dict__.get('runs', 0) + 1\n"),
  },
  {
    name: 'right only after the first time: a counter in math',
    code: wrongUnless('math.runs > 1', "import math\nmath.runs = math.__dict__.get('runs', 0) + 1\n"),
  },
  {
    name: 'a counter in a mutable default, kept in a module',
    code: wrongUnless(
      'len(math.__dict__["seen"]) == 1',
      "import math\nmath.__dict__.setdefault('seen', []).append(1)\n",
    ),
  },
  {
    name: 'right only the second time: a counter in the real builtins',
    code: wrongUnless('real.runs == 2', "real = print.__self__\nreal.runs = vars(real).get('runs', 0) + 1\n"),
  },
  {
    name: 'right only the second time: a counter in a class of torch',
    code: wrongUnless('torch.Size.runs == 2', "torch.Size.runs = vars(torch.Size).get('runs', 0) + 1\n"),
  },
  {
    name: 'right only in float32, which no run can be told by: it is derived in every one',
    code: wrongUnless('logits.dtype == torch.float32'),
    derives: ['logits'],
  },
  {
    name: 'right only in what float is by default',
    code: wrongUnless("str(torch.get_default_dtype()) == 'torch.float32'"),
  },
  { name: 'right only in float64', code: wrongUnless('torch.zeros(1).element_size() == 8') },
  {
    name: 'right only at this size of batch, as where a number in the code is the size: it is derived at that size',
    code: wrongUnless('Xb.shape[0] == 8 and n == 8'),
    derives: ['logits'],
  },
  {
    name: 'right only at this size of batch, which no number in the code is',
    code: wrongUnless('n == len("12345678")'),
  },
  { name: 'right only at this batch', code: wrongUnless('ix[0] > 100') },
  { name: 'right only at this step’s parameters', code: wrongUnless('bngain.min() > 0.9') },
  { name: 'right only at this loss', code: wrongUnless('abs(loss.item() - STEP_LOSS) < 1e-4') },
  {
    name: 'right only where .grad is of a size',
    code: wrongUnless('logits.grad.abs().max() < 0.5'),
  },
  {
    name: 'right by the memory address',
    code: wrongUnless("math.__dict__.setdefault('address', id(logits)) == id(logits)", 'import math\n'),
  },
  {
    name: 'right by the time',
    code: wrongUnless(
      'time.perf_counter() - time.__dict__.setdefault("since", time.perf_counter()) < 1e-3',
      'import time\n',
    ),
  },
  {
    name: 'right by the state of random',
    code: wrongUnless(
      "random.__dict__['order'].append(1) or len(random.order) < 2",
      "import random\nrandom.__dict__.setdefault('order', [])\n",
    ),
  },
  {
    name: 'gradients kept in math from run to run, the last used',
    code: `import math
kept = math.__dict__.setdefault('kept', {})
for name in NODES:
    old = kept.get(name)
    x = globals()[name]
    globals()['d' + name] = torch.tensor(old) if old is not None else torch.ones_like(x)
for name in NODES: kept[name] = globals()['d' + name].tolist()
`,
  },
  {
    name: '.grad kept in math from the run before',
    code: `import math
kept = math.__dict__.setdefault('kept', {})
for name in NODES:
    x = globals()[name]
    globals()['d' + name] = torch.tensor(kept[name]) if name in kept else torch.ones_like(x)
    kept[name] = x.grad.tolist()
`,
  },
  {
    name: 'numbers embedded in the file',
    code: `db2 = torch.tensor([${Array.from({ length: 27 }, (_, at) => ((at * 7) % 13) / 100 - 0.05).join(', ')}])\n`,
  },
  {
    name: 'sys.settrace that halves gradients',
    code: `${tracer("frame.f_globals['d' + name] = value / 2")}
def trace(frame, event, argument):
    halve(frame)
    return trace
sys.settrace(trace)
sys._getframe().f_trace = trace
${lied}`,
  },
  {
    name: 'sys.setprofile that puts .grad in the place of gradients',
    code: `${tracer('value.copy_(frame.f_globals[name].grad)')}
sys.setprofile(lambda frame, event, argument: halve(frame) if frame.f_code.co_filename == 'backward.py' else None)
${lied}
max(1, 2)
`,
  },
  {
    name: 'an audit hook that puts .grad in the place of gradients',
    code: `${tracer('value.copy_(frame.f_globals[name].grad)')}
busy = []
def audit(event, arguments):
    if busy: return
    busy.append(1)
    halve(sys._getframe(1))
    busy.clear()
sys.addaudithook(audit)
${lied}
compile('1', '', 'eval')
`,
  },
  {
    name: 'sys.monitoring that halves gradients',
    code: `${tracer('value.div_(2)')}
sys.monitoring.use_tool_id(3, 'x')
sys.monitoring.set_events(3, sys.monitoring.events.PY_START)
sys.monitoring.register_callback(3, sys.monitoring.events.PY_START, lambda code, at: halve(sys._getframe(1)))
${lied}`,
  },
  {
    name: '__builtins__ replaced',
    code: `__builtins__['isinstance'] = lambda *a: True
__builtins__['type'] = lambda *a: torch.Tensor
__builtins__['repr'] = lambda *a: '0'
globals()['__builtins__'] = {'range': range}
dlogits = logits.grad
`,
    derives: [],
  },
  {
    name: 'the real builtins replaced',
    breaks: true,
    code: `real = print.__self__
real.repr = lambda x: '0.0'
real.isinstance = lambda *a: True
real.getattr = lambda *a: logits.grad
${lied}`,
  },
  {
    name: 'exec of text',
    code: `exec('''
for name in NODES: globals()['d' + name] = globals()[name].grad
''')
`,
    told: 'copied',
  },
  {
    name: 'code objects replaced',
    code: `def derive(): return logits * 0 + 1
def copy(): return logits.grad
derive.__code__ = copy.__code__
dlogits = derive()
`,
  },
  {
    name: 'names deleted again: what they held is judged',
    code: `${derived}dlogits = a
dh = dlogits @ W2.T
del dlogits, dh
`,
    derives: ['logits', 'h'],
  },
  {
    name: 'a generator that ends later',
    code: `def late():
    try: yield
    finally:
        dlogits.copy_(logits.grad)
waiting = late()
next(waiting)
dlogits = torch.ones_like(logits)
waiting.close()
`,
  },
  {
    name: '__del__ that writes between runs',
    code: `import math
class Late:
    def __del__(self):
        math.kept = {name: globals()[name].grad for name in NODES}
math.late = Late()
dlogits = math.__dict__['kept']['logits'] if 'kept' in math.__dict__ else torch.ones_like(logits)
math.late = None
`,
  },
  {
    name: 'tensors of the run before',
    code: `import math
old = math.__dict__.setdefault('old', {})
for name in NODES:
    globals()['d' + name] = old.get(name, globals()[name])
    old[name] = globals()[name]
`,
  },
  {
    name: 'a gradient without a derivative: zero where it is known to be',
    code: `db1 = torch.zeros_like(b1)\n`,
    derives: alwaysZero.slice(1),
  },
];
