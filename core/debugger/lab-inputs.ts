import type { Network, NetworkNode } from '../programs/network';
import type { LabInputs } from '../python/lab-inputs';
import type { TrainingInputs } from '../python/lab-service';
import type { Session } from './session';

/**
 * Everything that a check of a person's own backward needs of the present step.
 * @param double the same step computed in float64.
 */
export function labInputs(session: Session, double: Network, comparedNodes: readonly string[]): LabInputs {
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
  return { step: session.step, ...minibatch(session), nodes, comparedNodes };
}

/** What a person's own backward needs to give the gradients for the present step's update. */
export function trainingInputs(session: Session): TrainingInputs {
  const { network } = session;
  const nodes = gradedNodes(network).map(({ name, shape, tensor }) => ({
    name,
    shape,
    value: Float32Array.from(tensor.values()),
  }));
  return { ...minibatch(session), nodes, parameters: network.parameters.map(({ name }) => name) };
}

/** Every node but the loss, whose gradient is 1. */
function gradedNodes({ nodes }: Network): readonly NetworkNode[] {
  return nodes.filter(({ kind }) => kind !== 'loss');
}

function minibatch({ network, settings, data }: Session) {
  return {
    arithmetic: settings.arithmetic,
    n: settings.batchSize,
    vocabularySize: data.dataset.vocabulary.labels.length,
    contexts: Int32Array.from(network.contexts.values()),
    targets: Int32Array.from(network.targets.values()),
  };
}
