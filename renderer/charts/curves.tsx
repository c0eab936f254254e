import { memo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCount, formatShort } from '../ui/format';
import { aboveAll, axisStyle, axisTitle, axisWidth, chartMargin, fillBox } from './axis-style';
import { useChartTheme } from './chart-theme';
import { ChartTooltip } from './chart-tooltip';

/** The values of all curves at one step. */
export interface CurvePoint {
  readonly step: number;
  /** By the curves' order; what is not finite leaves a gap. */
  readonly values: readonly number[];
  /** Least and largest of what the point stands for, drawn as a band. */
  readonly band?: readonly [number, number];
}

export interface CurveLine {
  readonly key: string;
  readonly colour: string;
  /** Width of the stroke in pixels. */
  readonly width: number;
  /** SVG's stroke-dasharray; a second sign beside the colour. */
  readonly dash?: string;
}

interface CurvesProps {
  readonly label: string;
  readonly lines: readonly CurveLine[];
  readonly points: readonly CurvePoint[];
  readonly valueTitle: string;
  /** A level to compare with, and its words. */
  readonly guide?: { readonly value: number; readonly text: string };
  readonly emphasised?: string | null;
}

/** Curves over the steps. At most some 500 points: more cost frames and add nothing the eye could see. */
export const Curves = memo(function Curves({
  label,
  lines,
  points,
  valueTitle,
  guide,
  emphasised = null,
}: CurvesProps) {
  const theme = useChartTheme();
  const axis = axisStyle(theme);
  const brought = lines.some((line) => line.key === emphasised) ? emphasised : null;
  const bandColour = lines[0]?.colour ?? theme.muted;

  return (
    <ComposedChart responsive style={fillBox} margin={chartMargin} data={[...points]} aria-label={label}>
      <CartesianGrid stroke={theme.line} strokeOpacity={0.5} vertical={false} />
      <XAxis
        {...axis}
        dataKey="step"
        type="number"
        domain={['dataMin', 'dataMax']}
        allowDecimals={false}
        tickFormatter={formatCount}
        label={axisTitle('x', 'step', theme)}
      />
      <YAxis
        {...axis}
        width={axisWidth}
        domain={guide === undefined ? ['auto', 'auto'] : around(guide.value)}
        tickFormatter={(value: number) => formatShort(value)}
        label={axisTitle('y', valueTitle, theme)}
      />
      <Tooltip
        isAnimationActive={false}
        wrapperStyle={aboveAll}
        cursor={{ stroke: theme.muted }}
        content={({ active, label: step }) => {
          const point = active ? points.find((candidate) => candidate.step === step) : undefined;
          if (point === undefined) return null;
          return (
            <ChartTooltip
              title={`step ${formatCount(point.step)}`}
              entries={lines.map(({ key, colour }, index) => ({
                key,
                colour,
                text: formatShort(point.values[index] ?? Number.NaN, 4),
              }))}
            />
          );
        }}
      />
      <Area
        dataKey="band"
        stroke="none"
        fill={bandColour}
        fillOpacity={0.18}
        isAnimationActive={false}
        activeDot={false}
      />
      {guide !== undefined && (
        <ReferenceLine
          y={guide.value}
          stroke={theme.text}
          strokeDasharray="6 4"
          label={{
            value: guide.text,
            position: 'insideBottomRight',
            fill: theme.text,
            fontSize: 11,
            // A halo, so that curves behind the words do not strike them out.
            stroke: theme.background,
            strokeWidth: 4,
            paintOrder: 'stroke',
          }}
        />
      )}
      {lines.map(({ key, colour, width, dash }, index) => (
        <Line
          key={key}
          name={key}
          dataKey={(point: CurvePoint) => finiteOrGap(point.values[index])}
          stroke={colour}
          strokeWidth={key === brought ? width + 1.5 : width}
          strokeOpacity={brought === null || key === brought ? 1 : 0.6}
          strokeDasharray={dash ?? 'none'}
          dot={points.length === 1}
          activeDot={false}
          isAnimationActive={false}
          type="linear"
        />
      ))}
    </ComposedChart>
  );
});

/** An axis of whole units that holds the data and leaves half a unit on either side of a guide. */
function around(guide: number): [(least: number) => number, (largest: number) => number] {
  return [(least) => Math.floor(Math.min(least, guide - 0.5)), (largest) => Math.ceil(Math.max(largest, guide + 0.5))];
}

const finiteOrGap = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
