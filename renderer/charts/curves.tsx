import { memo, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCount, formatShort } from '../ui/format';
import { aboveAll, axisStyle, axisTitle, axisWidth, chartMargin, fillBox } from './axis-style';
import { useChartTheme } from './chart-theme';
import { ChartTooltip } from './chart-tooltip';
import { extentOf, tickFormat, ticksAround, ticksWithin } from './scale';

/** Parts of an axis between its ticks, at most. */
const mostTicks = 8;

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
  /** What runs along the other axis; steps where it is left out. */
  readonly stepTitle?: string;
  /** A level to compare with, drawn as a dashed line; the axis goes on beyond it. */
  readonly guide?: number;
  readonly emphasised?: string | null;
}

/** Curves over the steps. At most some 500 points: more cost frames and add nothing the eye could see. */
export const Curves = memo(function Curves({
  label,
  lines,
  points,
  valueTitle,
  stepTitle = 'step',
  guide,
  emphasised = null,
}: CurvesProps) {
  const theme = useChartTheme();
  const axis = axisStyle(theme);
  const brought = lines.some((line) => line.key === emphasised) ? emphasised : null;
  const bandColour = lines[0]?.colour ?? theme.muted;
  const stepTicks = ticksWithin(points[0]?.step ?? 0, points.at(-1)?.step ?? 0, mostTicks, 1);
  const valueTicks = useMemo(() => ticksOf(points, guide), [points, guide]);

  return (
    <ComposedChart responsive style={fillBox} margin={chartMargin} data={[...points]} aria-label={label}>
      <CartesianGrid stroke={theme.line} strokeOpacity={0.5} vertical={false} />
      <XAxis
        {...axis}
        dataKey="step"
        type="number"
        domain={['dataMin', 'dataMax']}
        ticks={stepTicks}
        tickFormatter={formatCount}
        label={axisTitle('x', stepTitle, theme)}
      />
      <YAxis
        {...axis}
        width={axisWidth}
        domain={[valueTicks[0] ?? 0, valueTicks.at(-1) ?? 1]}
        ticks={valueTicks}
        interval={0}
        tickFormatter={tickFormat(valueTicks)}
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
              title={`${stepTitle} ${formatCount(point.step)}`}
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
      {/* Last, since many curves lie right on it. */}
      {guide !== undefined && <ReferenceLine y={guide} stroke={theme.text} strokeDasharray="6 4" />}
    </ComposedChart>
  );
});

/** The vertical axis: it holds the curves, their band and half a unit on either side of the guide. */
function ticksOf(points: readonly CurvePoint[], guide: number | undefined): readonly number[] {
  const aroundGuide = guide === undefined ? [] : [guide - 0.5, guide + 0.5];
  const extent = extentOf([...aroundGuide, ...points.flatMap(({ values, band = [] }) => [...values, ...band])]);
  return extent === null ? [0, 1] : ticksAround(extent, mostTicks);
}

const finiteOrGap = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
