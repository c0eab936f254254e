import type { Tape } from '../../../core/graph/tape';
import type { Tensor } from '../../../core/tensor/tensor';

/** Attention put together of its parts: softmax(queries @ keys / √features + mask) @ values; keys are (…, features, positions). */
export function attention(tape: Tape, [queries, keys, values, mask]: readonly Tensor[]): Tensor {
  const features = queries!.shape.at(-1)!;
  const scores = tape.add(tape.divide(tape.matmul(queries!, keys!), Math.sqrt(features)), mask!);
  const positions = scores.shape.at(-1)!;
  const rows = tape.view(scores, [scores.elements / positions, positions]);
  return tape.matmul(tape.view(tape.softmax(rows), scores.shape), values!);
}
