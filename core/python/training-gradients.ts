import type { PythonError } from '../protocol/answers';
import { findAnswers, type NodeComparing } from './find-answers';
import { batchOf, numbersOf } from './lab-scope';
import type { ManualGradientsByNode, TrainingInputs } from './lab-service';
import { NodeFinder } from './node-finder';
import { notebookOf } from './notebook-names';
import { Recorder } from './recorder';
import type { Given, Program, Runner } from './runner';
import type { TensorTable } from './tensor-table';

interface TrainingParts {
  readonly runner: Runner;
  readonly table: TensorTable;
  readonly inputs: TrainingInputs;
  readonly program: Program;
}

/** What one plain float32 run came to: its error, null where it ran to its end, and the gradients that it gave. */
interface TrainingRun {
  readonly error: PythonError | null;
  readonly gradients: ManualGradientsByNode;
}

/** The gradients that the code gives for the parameters, under whatever names, in one plain float32 run. */
export function trainingGradients({ runner, table, inputs, program }: TrainingParts): TrainingRun {
  const nodes = inputs.nodes.map(({ name, shape, value }): Given => ({ name, type: 'float32', shape, values: value }));
  let finder = new NodeFinder(new Map());
  const recorder = new Recorder(table, program, () => null);
  const { error } = runner.run(program, {
    dtype: 'float32',
    scope: [...batchOf(inputs), ...nodes],
    numbers: numbersOf(inputs),
    notebook: notebookOf(inputs, 'float32', inputs.loss),
    watched: inputs.parameters.map((name) => `d${name}`),
    observe: (given) => {
      finder = new NodeFinder(given);
      return recorder;
    },
  });
  const holdings = recorder.finish();
  const compared = recorder.comparings.flatMap((comparing): NodeComparing[] => {
    const nodeName = finder.find(comparing.node, comparing.label);
    return nodeName === null ? [] : [{ ...comparing, nodeName }];
  });
  const parameters = inputs.nodes.filter(({ name }) => inputs.parameters.includes(name));
  const answers = findAnswers(holdings, compared, parameters);
  return { error, gradients: new Map(answers.map((answer) => [answer.node, answer])) };
}
