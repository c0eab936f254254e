import { it } from 'vitest';
import { Lab } from '../../../core/python/lab';
import { advanced, newSession } from '../sessions';
import { wrongSolutions } from './corpus/wrong';
import { startLabPython } from './lab-python';
import { checkOf } from './new-lab';

it('dev', async () => {
  const { runtime, table } = await startLabPython();
  const session = advanced(newSession({ batchSize: 32, hiddenSize: 64 }), 3);
  const log: string[] = [];
  const lab = new Lab({
    table,
    clock: () => 0,
    runtime: {
      call(name, request) {
        const answer = runtime.call(name, request);
        if (name === 'run_formula') {
          const { node, edit } = JSON.parse(request);
          const a = JSON.parse(answer);
          if (edit && edit.startsWith('terms')) log.push(a.dbg);
          if (a.handle && edit) {
            const v = table.read(a.handle).values;
            const g = session.labInputs().nodes.find((x) => x.name === node)!.doubleGradient;
            const d = Math.max(...v.map((x, i) => Math.abs(x - g[i]!)));
            log.push(`${d} ${edit} ${runtime.call('edits', JSON.stringify({ node, describe: edit }))}`);
          }
        }
        return answer;
      },
    },
  });
  for (const w of wrongSolutions.filter(({ name }) => /missing-factor: dbndiff \+=/.test(name))) {
    checkOf(lab, session, w.code);
  }
  console.log(log.slice(0, 400).join('\n'));
}, 60000);
