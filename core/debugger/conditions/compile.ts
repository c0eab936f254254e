import { verdicts } from '../../protocol/answers';
import { type ConditionArgument, type ConditionWordName, conditionWords } from '../../protocol/condition-words';
import { ConditionError } from './condition-error';
import { type SymbolText, type Token, tokenise } from './tokens';
import { type Facts, meanings, type Names } from './vocabulary';

type Expression =
  | { readonly type: 'number'; readonly evaluate: (facts: Facts) => number }
  | { readonly type: 'truth'; readonly evaluate: (facts: Facts) => boolean }
  | { readonly type: 'verdict'; readonly evaluate: (facts: Facts) => string | null };

/** Whether a condition holds at the step that the facts are of. */
export type Condition = (facts: Facts) => boolean;

/** Deeper nesting is refused, so that no text can exhaust the stack. */
const deepestNesting = 100;

/**
 * Reads a condition. Numbers are compared by `<`, `<=`, `>`, `>=`, `==`, `!=`, joined by `+ - * / %`; truths by `and`,
 * `or`, `not`; a verdict is compared with `==` or `!=`. A comparison with a number that is NaN never holds, but `!=` does.
 * @throws ConditionError naming the column, what is wrong there, and what to write.
 */
export function compileCondition(source: string, names: Names): Condition {
  const expression = new Reader(source, names).whole();
  if (expression.type !== 'truth') {
    throw new ConditionError(1, `This is a ${expression.type}, not a condition. Compare it, as in \`loss > 4\`.`);
  }
  return expression.evaluate;
}

/** Reads an expression of any type, as text to show: numbers with four significant digits. @throws ConditionError */
export function compileText(source: string, names: Names): (facts: Facts) => string {
  const expression = new Reader(source, names).whole();
  return (facts) => {
    const value = expression.evaluate(facts);
    return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
  };
}

/** Reads by recursive descent, one method a level of precedence, loosest first. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #at = 0;
  #depth = 0;

  constructor(source: string, names: Names) {
    this.#tokens = tokenise(source);
    this.#names = names;
  }

  whole(): Expression {
    const first = this.#next;
    if (first.kind === 'end') throw new ConditionError(1, 'Write a condition, such as `loss > 4`.');
    const expression = this.#any();
    const { kind, column } = this.#next;
    if (kind !== 'end') throw new ConditionError(column, `Expected \`and\`, \`or\` or the end, not ${this.#found()}.`);
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at];
  }

  #any(): Expression {
    if (++this.#depth > deepestNesting) {
      throw new ConditionError(this.#next.column, `More than ${deepestNesting} parentheses within each other.`);
    }
    const expression = this.#or();
    this.#depth--;
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    for (let column = this.#takeName('or'); column !== null; column = this.#takeName('or')) {
      const a = truth(left, column, 'or');
      const b = truth(this.#and(), column, 'or');
      left = { type: 'truth', evaluate: (facts) => a(facts) || b(facts) };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    for (let column = this.#takeName('and'); column !== null; column = this.#takeName('and')) {
      const a = truth(left, column, 'and');
      const b = truth(this.#not(), column, 'and');
      left = { type: 'truth', evaluate: (facts) => a(facts) && b(facts) };
    }
    return left;
  }

  #not(): Expression {
    let isNegated = false;
    let last: number | null = null;
    for (let column = this.#takeName('not'); column !== null; column = this.#takeName('not')) {
      isNegated = !isNegated;
      last = column;
    }
    const operand = this.#comparison();
    if (last === null) return operand;
    const holds = truth(operand, last, 'not');
    return { type: 'truth', evaluate: (facts) => holds(facts) !== isNegated };
  }

  #comparison(): Expression {
    const left = this.#sum();
    const token = this.#takeSymbol('==', '!=', '<=', '>=', '<', '>');
    if (token === null) return left;
    const right = this.#sum();
    const again = this.#takeSymbol('==', '!=', '<=', '>=', '<', '>');
    if (again !== null) {
      throw new ConditionError(again.column, 'Comparisons do not chain. Join two by `and`: `1 < loss and loss < 4`.');
    }
    return compare(left, token, right);
  }

  #sum(): Expression {
    let left = this.#product();
    for (let token = this.#takeSymbol('+', '-'); token !== null; token = this.#takeSymbol('+', '-')) {
      left = calculate(left, token, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#signed();
    for (let token = this.#takeSymbol('*', '/', '%'); token !== null; token = this.#takeSymbol('*', '/', '%')) {
      left = calculate(left, token, this.#signed());
    }
    return left;
  }

  #signed(): Expression {
    let isNegative = false;
    let last: Token | null = null;
    for (let token = this.#takeSymbol('-'); token !== null; token = this.#takeSymbol('-')) {
      isNegative = !isNegative;
      last = token;
    }
    const operand = this.#primary();
    if (last === null) return operand;
    const value = numeric(operand, last.column, '-');
    return isNegative ? { type: 'number', evaluate: (facts) => -value(facts) } : { type: 'number', evaluate: value };
  }

  #primary(): Expression {
    const token = this.#next;
    const { column } = token;
    switch (token.kind) {
      case 'number': {
        this.#at++;
        const { value } = token;
        return { type: 'number', evaluate: () => value };
      }
      case 'name':
        this.#at++;
        return this.#word(token.value, column);
      case 'symbol':
        if (token.value !== '(') break;
        this.#at++;
        return this.#closed(this.#any(), column);
      case 'text':
        throw new ConditionError(column, `A name alone says nothing. Ask something of it: \`std("${token.value}")\`.`);
      case 'end':
        break;
    }
    throw new ConditionError(column, `Expected a number or a name, not ${this.#found()}.`);
  }

  #closed<Inner>(inner: Inner, opened: number): Inner {
    if (this.#takeSymbol(')') !== null) return inner;
    throw new ConditionError(
      this.#next.column,
      `Expected \`)\` for the one opened in column ${opened}, not ${this.#found()}.`,
    );
  }

  #word(word: string, column: number): Expression {
    if (verdicts.some((verdict) => verdict === word)) return { type: 'verdict', evaluate: () => word };
    if (!isWord(word)) {
      const known = Object.keys(conditionWords).join(', ');
      const isNode = this.#names.nodes.includes(word);
      const advice = isNode ? `Ask something of the node: \`std("${word}")\`.` : `Known are ${known}.`;
      throw new ConditionError(column, `\`${word}\` is not known. ${advice}`);
    }
    const opened = this.#next.column;
    const isCalled = this.#takeSymbol('(') !== null;
    if (word === 'step' || word === 'loss' || word === 'learningRate') {
      if (isCalled) throw new ConditionError(opened, `\`${word}\` takes nothing in parentheses.`);
      return { type: 'number', evaluate: meanings[word] };
    }
    const { argument } = conditionWords[word];
    if (!isCalled) {
      throw new ConditionError(this.#next.column, `Expected \`(\` after \`${word}\`: it is asked of a ${argument}.`);
    }
    switch (word) {
      case 'abs':
      case 'log10': {
        const value = numeric(this.#closed(this.#any(), opened), opened, word);
        const meaning = meanings[word];
        return { type: 'number', evaluate: (facts) => meaning(facts, value(facts)) };
      }
      case 'isNaN': {
        const node = this.#closed(this.#takeName('any') === null ? this.#argument('node or any') : null, opened);
        return { type: 'truth', evaluate: (facts) => meanings.isNaN(facts, node) };
      }
      case 'verdict': {
        const node = this.#closed(this.#argument('node'), opened);
        return { type: 'verdict', evaluate: (facts) => meanings.verdict(facts, node) };
      }
      default: {
        const node = this.#closed(this.#argument(argument), opened);
        const meaning = meanings[word];
        return { type: 'number', evaluate: (facts) => meaning(facts, node) };
      }
    }
  }

  /** The node that a quoted name stands for. */
  #argument(argument: ConditionArgument): string {
    const token = this.#next;
    if (token.kind !== 'text') {
      const wanted =
        argument === 'node or any'
          ? "a node's name in quotation marks, or `any`"
          : `a ${argument}'s name in quotation marks`;
      throw new ConditionError(token.column, `Expected ${wanted}, not ${this.#found()}.`);
    }
    this.#at++;
    const { nodes, parameters, layers } = this.#names;
    if (argument === 'layer') {
      const layer = layers.find(
        ({ index, label, node }) => token.value === label || token.value === node || token.value === `layer ${index}`,
      );
      if (layer !== undefined) return layer.node;
      throw unknown(
        token.column,
        'Tanh layer',
        token.value,
        layers.map(({ label }) => label),
      );
    }
    const known = argument === 'parameter' ? parameters : nodes;
    if (known.includes(token.value)) return token.value;
    throw unknown(token.column, argument === 'parameter' ? 'parameter' : 'node', token.value, known);
  }

  #takeName(name: string): number | null {
    const token = this.#next;
    if (token.kind !== 'name' || token.value !== name) return null;
    this.#at++;
    return token.column;
  }

  #takeSymbol<Wanted extends SymbolText>(
    ...wanted: readonly Wanted[]
  ): { value: Wanted; column: number; kind: 'symbol' } | null {
    const token = this.#next;
    const value = wanted.find((candidate) => token.kind === 'symbol' && token.value === candidate);
    if (value === undefined) return null;
    this.#at++;
    return { kind: 'symbol', value, column: token.column };
  }

  #found(): string {
    const token = this.#next;
    return token.kind === 'end' ? 'the end' : `\`${token.value}\``;
  }
}

const isWord = (name: string): name is ConditionWordName => Object.hasOwn(conditionWords, name);

const unknown = (column: number, kind: string, name: string, known: readonly string[]) =>
  new ConditionError(
    column,
    `The program has no ${kind} "${name}". It has ${known.map((each) => `"${each}"`).join(', ')}.`,
  );

function truth(expression: Expression, column: number, operator: string): (facts: Facts) => boolean {
  if (expression.type === 'truth') return expression.evaluate;
  throw new ConditionError(
    column,
    `\`${operator}\` joins conditions; one side is a ${expression.type}. Compare it first.`,
  );
}

function numeric(expression: Expression, column: number, operator: string): (facts: Facts) => number {
  if (expression.type === 'number') return expression.evaluate;
  throw new ConditionError(column, `\`${operator}\` needs numbers; this is a ${expression.type}.`);
}

type Comparison = '==' | '!=' | '<=' | '>=' | '<' | '>';

function compare(
  left: Expression,
  { value: operator, column }: { value: Comparison; column: number },
  right: Expression,
): Expression {
  if (left.type === 'verdict' && right.type === 'verdict') {
    const [a, b] = [left.evaluate, right.evaluate];
    if (operator === '==') return { type: 'truth', evaluate: (facts) => a(facts) === b(facts) };
    if (operator === '!=') return { type: 'truth', evaluate: (facts) => a(facts) !== b(facts) };
    throw new ConditionError(column, 'Verdicts are compared by `==` or `!=`.');
  }
  if (left.type !== 'number' || right.type !== 'number') {
    throw new ConditionError(column, `A ${left.type} cannot be compared with a ${right.type}.`);
  }
  const [a, b] = [left.evaluate, right.evaluate];
  const comparisons: Readonly<Record<Comparison, (facts: Facts) => boolean>> = {
    '==': (facts) => a(facts) === b(facts),
    '!=': (facts) => a(facts) !== b(facts),
    '<=': (facts) => a(facts) <= b(facts),
    '>=': (facts) => a(facts) >= b(facts),
    '<': (facts) => a(facts) < b(facts),
    '>': (facts) => a(facts) > b(facts),
  };
  return { type: 'truth', evaluate: comparisons[operator] };
}

type Arithmetic = '+' | '-' | '*' | '/' | '%';

function calculate(
  left: Expression,
  { value: operator, column }: { value: Arithmetic; column: number },
  right: Expression,
): Expression {
  const a = numeric(left, column, operator);
  const b = numeric(right, column, operator);
  const operations: Readonly<Record<Arithmetic, (facts: Facts) => number>> = {
    '+': (facts) => a(facts) + b(facts),
    '-': (facts) => a(facts) - b(facts),
    '*': (facts) => a(facts) * b(facts),
    '/': (facts) => a(facts) / b(facts),
    '%': (facts) => a(facts) % b(facts),
  };
  return { type: 'number', evaluate: operations[operator] };
}
