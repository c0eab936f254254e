import { useDeferredValue, useMemo, useState } from 'react';
import { useChartTheme } from '../../charts/chart-theme';
import { Swatch } from '../../charts/chart-tooltip';
import { Curves } from '../../charts/curves';
import { Figure } from '../../charts/figure';
import { useStore } from '../../state/store';
import { formatExponent, formatFixed, formatShape } from '../../ui/format';
import distribution from '../distribution/distribution.module.css';
import { type ParameterRow, useParameterRows } from '../distribution/parameter-rows';
import { Waiting } from '../distribution/waiting';
import { type NodeColumn, NodeTable } from '../node-table/node-table';
import { updateLines, updatePoints, updateTable } from './update-curves';
import styles from './updates.module.css';

/** The notebook's rule of thumb: an update changes a parameter by about a thousandth of its size. */
const guide = -3;
const guideText = '−3: updates of a thousandth of the data';
const title = 'Update to data ratio';

const columns: readonly NodeColumn<ParameterRow>[] = [
  { title: 'shape', cell: ({ parameter }) => formatShape(parameter.shape), numeric: true },
  { title: 'data std', cell: ({ frame }) => formatExponent(frame.dataStd, 3), numeric: true },
  { title: 'grad std', cell: ({ frame }) => formatExponent(frame.gradient.std, 3), numeric: true },
  { title: 'log10 update:data', cell: ({ frame }) => formatFixed(frame.updateToData, 3, true), numeric: true },
];

/** How fast each parameter moves for its size, over all steps. */
export function UpdatesPanel() {
  const [all, setAll] = useState(false);
  const parameters = useStore((state) => state.session?.parameters);
  const history = useStore((state) => state.updateHistory);
  const selected = useStore((state) => state.selectedNode);
  // The list and the table answer a click at once; the curves may come a frame later.
  const brought = useDeferredValue(selected);
  const rows = useParameterRows(all);
  const { layers: palette, text } = useChartTheme();
  const lines = useMemo(() => updateLines(parameters ?? [], all, palette), [parameters, all, palette]);
  const points = useMemo(() => (history === null ? [] : updatePoints(history, lines)), [history, lines]);

  if (rows === null || history === null) return <Waiting what="the first updates" />;
  return (
    <div className={distribution.panel}>
      <Figure
        title={title}
        className={distribution.figure}
        legend={[...lines, { key: guideText, colour: text }]}
        table={() => updateTable(history, lines)}
        controls={
          <>
            <label className={distribution.option}>
              <input type="checkbox" checked={all} onChange={({ target }) => setAll(target.checked)} />
              1-D parameters too
            </label>
            {/* Beside the chart: on the line itself the curves that follow it would strike the words out. */}
            <span className={styles.guide}>{guideText}</span>
          </>
        }
      >
        <Curves
          label={title}
          lines={lines}
          points={points}
          valueTitle="log10 update:data"
          guide={guide}
          emphasised={brought}
        />
      </Figure>
      <NodeTable
        label={`${title}: figures`}
        className={distribution.table}
        rows={rows}
        nodeOf={({ parameter }) => parameter.name}
        head={{
          title: 'parameter',
          cell: ({ parameter, colour }) => (
            <>
              <Swatch colour={colour} />
              {parameter.name}
            </>
          ),
        }}
        columns={columns}
      />
    </div>
  );
}
