import type { Network, NetworkNode } from '../programs/network';
import type { Unjudged } from '../protocol/answers';
import type { LabInputs } from '../python/lab-inputs';
import type { TrainingInputs } from '../python/lab-service';
import { notebookData } from './notebook-data';
import type { Session } from './session';

/** The same step computed in float64, and the nodes whose gradients are compared and asked for. */
interface Compared {
  readonly double: Network;
  readonly comparedNodes: readonly string[];
  readonly askedNodes: readonly string[];
  readonly unjudged: Unjudged | null;
}

/**
 * Everything that a check of a person's own backward needs of the present step.
 * @param code the person's; of the data set, no more than it names is taken along.
 */
export function labInputs(session: Session, code: string, { double, ...compared }: Compared): LabInputs {
  const { network } = session;
  const nodes = gradedNodes(network).map(({ name, shape, formula, tensor }) => {
    const copy = double.node(name).tensor;
    return {
      name,
      shape,
      formula,
      value: Float32Array.from(tensor.values()),
      gradient: Float32Array.from(network.tape.gradientOf(tensor).values()),
      doubleValue: Float64Array.from(copy.values()),
      doubleGradient: Float64Array.from(double.tape.gradientOf(copy).values()),
    };
  });
  return { ...notebookInputs(session, code), doubleLoss: double.loss.item(), nodes, ...compared };
}

/**
 * What a person's own backward needs to give the gradients for the present step's update.
 * @param code as for `labInputs`.
 */
export function trainingInputs(session: Session, code: string): TrainingInputs {
  const { network } = session;
  const nodes = gradedNodes(network).map(({ name, shape, tensor }) => ({
    name,
    shape,
    value: Float32Array.from(tensor.values()),
  }));
  return { ...notebookInputs(session, code), nodes };
}

/** Every node but the loss, whose gradient is 1. */
function gradedNodes({ nodes }: Network): readonly NetworkNode[] {
  return nodes.filter(({ kind }) => kind !== 'loss');
}

function notebookInputs(session: Session, code: string) {
  const { step, network, settings, data, batch } = session;
  return {
    step,
    settings,
    arithmetic: settings.arithmetic,
    n: settings.batchSize,
    vocabularySize: data.dataset.vocabulary.labels.length,
    contexts: Int32Array.from(network.contexts.values()),
    targets: Int32Array.from(network.targets.values()),
    examples: batch.slice(),
    loss: session.loss,
    parameters: network.parameters.map(({ name }) => name),
    data: notebookData(session, code),
  };
}
