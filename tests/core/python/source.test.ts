import { beforeAll, describe, expect, test } from 'vitest';
import { startPython, type TestPython } from './python';

let python: TestPython;
beforeAll(async () => {
  python = await startPython();
  python.run('from reading.source import prepare');
}, 60_000);

function prepare(source: string): { source: string; notes: string[] } {
  const [prepared, notes] = python.evaluate<[string, string[]]>(
    `json.dumps(prepare(json.loads(${JSON.stringify(JSON.stringify(source))})))`.replace(/^json\.dumps\((.*)\)$/, '$1'),
  );
  return { source: prepared, notes };
}

describe('prepare', () => {
  test.each([
    ['%matplotlib inline\nx = 1', '#\nx = 1', ['Line 1: the magic %matplotlib inline is left out.']],
    [
      'x = 1\n!pip install torch\n!!ls',
      'x = 1\n#\n#',
      ['Line 2: the shell command !pip install torch is left out.', 'Line 3: the shell command !!ls is left out.'],
    ],
    ['if x:\n    !ls\ny = 1', 'if x:\n    pass\ny = 1', ['Line 2: the shell command !ls is left out.']],
    ['for i in x:\n\t%time\n\ty = i', 'for i in x:\n\tpass\n\ty = i', ['Line 2: the magic %time is left out.']],
    ['!wget a \\\n  b \\\n  c\nx = 1', '#\n\n\nx = 1', ['Line 1: the shell command !wget a is left out.']],
    [
      '?torch\ntorch.sum?\nx??',
      '#\n#\n#',
      [
        'Line 1: the help ?torch is left out.',
        'Line 2: the help torch.sum? is left out.',
        'Line 3: the help x?? is left out.',
      ],
    ],
    [
      'files = !ls\nwhere = %pwd',
      'files = []\nwhere = []',
      ['Line 1: the shell command files = !ls is left out.', 'Line 2: the magic where = %pwd is left out.'],
    ],
    [
      '%time dC = f(\n  x)\ny = %time g(x)',
      'dC = f(\n  x)\ny = g(x)',
      ['Line 1: %time is left out; what it times stays.', 'Line 3: %time is left out; what it times stays.'],
    ],
    ['%%time\nx = 1', '#\nx = 1', ['Line 1: the magic %%time is left out.']],
    ['%%html\n<b>%x</b>\n', '#\n\n', ['Lines 1 to 3: the cell under %%html is left out; it is not Python.']],
    [
      'x = 1\n%%bash\nls\n# cell 7\ny = 2',
      'x = 1\n#\n\n# cell 7\ny = 2',
      ['Lines 2 to 3: the cell under %%bash is left out; it is not Python.'],
    ],
    ['from __future__ import annotations\nx = 1', '#\nx = 1', []],
    ['x = 1\nfrom __future__ import (\n  division)\n%pwd', 'x = 1\n#\n\n#', ['Line 4: the magic %pwd is left out.']],
    ["x = '# ('\n%pwd", "x = '# ('\n#", ['Line 2: the magic %pwd is left out.']],
    ['x = "it\\"s ["\n%pwd', 'x = "it\\"s ["\n#', ['Line 2: the magic %pwd is left out.']],
    [`!echo ${'a'.repeat(80)}`, '#', [`Line 1: the shell command !echo ${'a'.repeat(53)}… is left out.`]],
  ])('leaves out of %j what is not Python, line by line', (source, prepared, notes) => {
    expect(prepare(source)).toEqual({ source: prepared, notes });
  });

  test.each([
    ['an operator in brackets', 'x = (7\n  % 3\n  != 1)\ny = [\n  % 2]'],
    ['an operator after a backslash', 'x = 7 \\\n  % 3'],
    ['a text of several lines', 'x = \'\'\'\n%pwd\n!ls\n?x\n\'\'\'\ny = """\n%a"""'],
    ['a text that a backslash continues', "x = 'a\\\n%pwd'"],
    ['an update by remainder, and questions', 'x %= 3\ny = x != 2  # why?\nprint("what?")'],
    ['a lone sign', '%\n% 3\n!= 4\n!'],
    ['the ends of lines on Windows', 'x = 1\r\ny = 2\r\n'],
    ['nothing', ''],
  ])('leaves %s as it is', (_, source) => {
    expect(prepare(source)).toEqual({ source, notes: [] });
  });
});
