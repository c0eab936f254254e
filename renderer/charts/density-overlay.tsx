import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import type { Histogram } from '../../core/protocol/answers';
import { formatShort } from '../ui/format';
import { aboveAll, axisStyle, axisTitle, axisWidth, chartMargin, fillBox } from './axis-style';
import { densityAt, niceLimit, outline } from './bins';
import { useChartTheme } from './chart-theme';
import { ChartTooltip } from './chart-tooltip';
import { tickFormat, ticksWithin } from './scale';

export interface DensityLine {
  /** Also its name in the readout. */
  readonly key: string;
  readonly colour: string;
  readonly histogram: Histogram;
}

/** Parts of an axis between its ticks, at most. */
const mostTicks = 8;

interface DensityOverlayProps {
  readonly label: string;
  readonly lines: readonly DensityLine[];
  /** Title of the horizontal axis. */
  readonly valueTitle: string;
  /** Ends of the horizontal axis; without it the lines' own, rounded up and symmetric about 0. */
  readonly domain?: readonly [number, number];
  /** The line to bring out; the others step back. */
  readonly emphasised: string | null;
}

/** Histograms of several layers over one another, as the notebook plots them. */
export const DensityOverlay = memo(function DensityOverlay({
  label,
  lines,
  valueTitle,
  domain,
  emphasised,
}: DensityOverlayProps) {
  const theme = useChartTheme();
  const axis = axisStyle(theme);
  const ends = lines.flatMap(({ histogram }) => [-histogram.minimum, histogram.maximum]);
  // A layer whose numbers are none has no ends; the others keep theirs.
  const reach = Math.max(...ends.filter((end) => !Number.isNaN(end)));
  const [from, to] = domain ?? [-niceLimit(reach), niceLimit(reach)];
  const peak = niceLimit(Math.max(...lines.flatMap(({ histogram }) => [...histogram.density])));
  const valueTicks = ticksWithin(from, to, mostTicks);
  const densityTicks = ticksWithin(0, peak, mostTicks);
  // Many faint fills add up to mud.
  const backgroundFill = lines.length > 8 ? 0 : 0.04;
  const brought = lines.some((line) => line.key === emphasised) ? emphasised : null;

  return (
    <AreaChart responsive style={fillBox} margin={chartMargin} aria-label={label}>
      <CartesianGrid stroke={theme.line} strokeOpacity={0.5} vertical={false} />
      <XAxis
        {...axis}
        dataKey="x"
        type="number"
        domain={[from, to]}
        ticks={valueTicks}
        interval={0}
        allowDataOverflow
        tickFormatter={tickFormat(valueTicks)}
        label={axisTitle('x', valueTitle, theme)}
      />
      <YAxis
        {...axis}
        width={axisWidth}
        domain={[0, peak]}
        ticks={densityTicks}
        interval={0}
        allowDataOverflow
        tickFormatter={tickFormat(densityTicks)}
        label={axisTitle('y', 'density', theme)}
      />
      <Tooltip
        isAnimationActive={false}
        wrapperStyle={aboveAll}
        cursor={{ stroke: theme.muted }}
        content={({ active, label: x }) =>
          active && typeof x === 'number' ? (
            <ChartTooltip
              title={`${valueTitle} ${formatShort(x)}`}
              entries={lines.map(({ key, colour, histogram }) => ({
                key,
                colour,
                text: formatShort(densityAt(histogram, x)),
              }))}
            />
          ) : null
        }
      />
      {inFront(lines, brought).map(({ key, colour, histogram }) => (
        <Area
          key={key}
          name={key}
          data={outline(histogram)}
          dataKey="density"
          type="stepAfter"
          stroke={colour}
          strokeWidth={key === brought ? 2.5 : 1.5}
          strokeOpacity={brought === null || key === brought ? 1 : 0.6}
          fill={colour}
          fillOpacity={key === brought ? 0.2 : backgroundFill}
          isAnimationActive={false}
          activeDot={false}
        />
      ))}
    </AreaChart>
  );
});

/** SVG paints in order: what is to stand in front comes last. */
function inFront(lines: readonly DensityLine[], key: string | null): readonly DensityLine[] {
  return [...lines.filter((line) => line.key !== key), ...lines.filter((line) => line.key === key)];
}
