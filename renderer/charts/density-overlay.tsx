import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import type { Histogram } from '../../core/protocol/answers';
import { formatShort } from '../ui/format';
import { axisStyle, chartMargin, fillBox } from './axis-style';
import { densityAt, niceLimit, outline } from './bins';
import { useChartTheme } from './chart-theme';
import { ChartTooltip } from './chart-tooltip';

export interface DensityLine {
  /** Also its name in the readout. */
  readonly key: string;
  readonly colour: string;
  readonly histogram: Histogram;
}

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
  const reach = Math.max(...lines.flatMap(({ histogram }) => [-histogram.minimum, histogram.maximum]));
  const limit = niceLimit(reach);
  const peak = niceLimit(Math.max(...lines.flatMap(({ histogram }) => [...histogram.density])));
  const brought = lines.some((line) => line.key === emphasised) ? emphasised : null;

  return (
    <AreaChart responsive style={fillBox} margin={chartMargin} aria-label={label}>
      <CartesianGrid stroke={theme.line} strokeOpacity={0.5} vertical={false} />
      <XAxis
        {...axis}
        dataKey="x"
        type="number"
        domain={domain === undefined ? [-limit, limit] : [...domain]}
        allowDataOverflow
        tickFormatter={(value: number) => formatShort(value)}
        label={{ value: valueTitle, position: 'insideBottom', offset: -14, fill: theme.muted }}
      />
      <YAxis
        {...axis}
        width={64}
        domain={[0, peak]}
        allowDataOverflow
        tickFormatter={(value: number) => formatShort(value)}
        label={{ value: 'density', angle: -90, position: 'insideLeft', offset: 4, fill: theme.muted }}
      />
      <Tooltip
        isAnimationActive={false}
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
      {lines.map(({ key, colour, histogram }) => (
        <Area
          key={key}
          name={key}
          data={outline(histogram)}
          dataKey="density"
          type="stepAfter"
          stroke={colour}
          strokeWidth={key === brought ? 2.5 : 1.5}
          strokeOpacity={brought === null || key === brought ? 1 : 0.35}
          fill={colour}
          fillOpacity={key === brought ? 0.2 : 0.04}
          isAnimationActive={false}
          activeDot={false}
        />
      ))}
    </AreaChart>
  );
});
