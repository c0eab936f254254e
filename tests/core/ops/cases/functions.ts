import { type Draft, positive, scenarios, shape, unary } from '../scenarios';

/** A way to use each op of the family. */
export const functionCases = {
  exp: unary((t, [x]) => t.exp(x!)),
  log: unary((t, [x]) => t.log(x!), positive),
  tanh: unary((t, [x]) => t.tanh(x!)),
  sqrt: unary((t, [x]) => t.sqrt(x!), positive),
  tanhBackward: scenarios(
    shape.map((own): Draft => ({ shapes: [own, own], record: (t, [gradient, y]) => t.tanhBackward(gradient!, y!) })),
  ),
};
