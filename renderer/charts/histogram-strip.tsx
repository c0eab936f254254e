import { useCallback } from 'react';
import type { Histogram } from '../../core/protocol/answers';
import { formatShort } from '../ui/format';
import { Canvas } from './canvas';
import type { ChartTheme } from './chart-theme';
import type { Size } from './grid-layout';

interface HistogramStripProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly histogram: Histogram;
}

const axisHeight = 18;

/** One small histogram: density over its value, from the least to the largest, 0 marked. */
export function HistogramStrip({ label, className, histogram }: HistogramStripProps) {
  const draw = useCallback(
    (context: CanvasRenderingContext2D, size: Size, theme: ChartTheme) =>
      drawHistogram(context, size, theme, histogram),
    [histogram],
  );
  return <Canvas label={label} className={className} draw={draw} />;
}

function drawHistogram(context: CanvasRenderingContext2D, size: Size, theme: ChartTheme, histogram: Histogram): void {
  const { minimum, maximum, density } = histogram;
  const baseline = size.height - axisHeight;
  const peak = Math.max(0, ...density);
  const barWidth = size.width / density.length;

  context.globalAlpha = 0.65;
  context.fillStyle = theme.accent;
  if (peak > 0) {
    density.forEach((value, bin) => {
      const height = (value / peak) * (baseline - 2);
      // Overlapping by a hair hides the seams between bars that do not end on a device pixel.
      context.fillRect(bin * barWidth, baseline - height, barWidth + 0.3, height);
    });
  }
  context.globalAlpha = 1;
  context.fillStyle = theme.line;
  context.fillRect(0, baseline, size.width, 1);

  context.font = `11px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textBaseline = 'bottom';
  context.textAlign = 'left';
  const least = formatShort(minimum);
  const largest = formatShort(maximum);
  context.fillText(least, 0, size.height);
  context.textAlign = 'right';
  context.fillText(largest, size.width, size.height);

  const zero = (-minimum / (maximum - minimum)) * size.width;
  const free = { from: context.measureText(least).width + 8, to: size.width - context.measureText(largest).width - 8 };
  if (zero > 0 && zero < size.width) {
    context.fillRect(zero, baseline, 1, 4);
    context.textAlign = 'center';
    if (zero > free.from && zero < free.to) context.fillText('0', zero, size.height);
  }
}
