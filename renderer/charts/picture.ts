import type { ChartTheme } from './chart-theme';

/*
 * A picture on the screen is canvases, SVG and a little text. A browser cannot save such a box by itself, so it is
 * painted again, piece by piece, on one canvas.
 */

/** A line's name and colour. */
export interface LegendEntry {
  readonly key: string;
  readonly colour: string;
}

const padding = 12;
const titleHeight = 30;
const legendLine = 18;
/** Twice the screen's size, so that it is sharp in print. */
const leastRatio = 2;

/**
 * The element as a PNG on the panel's background, under its title and legend, which on the screen stand elsewhere.
 * @throws Error where an SVG cannot be painted.
 */
export async function renderPicture(
  element: HTMLElement,
  title: string,
  legend: readonly LegendEntry[],
  theme: ChartTheme,
): Promise<Uint8Array> {
  const box = element.getBoundingClientRect();
  const ratio = Math.max(window.devicePixelRatio, leastRatio);
  const places = placeLegend(legend, box.width, theme);
  const top = titleHeight + (places.at(-1)?.bottom ?? 0);
  const height = top + box.height + padding;
  const canvas = new OffscreenCanvas(Math.ceil(box.width * ratio), Math.ceil(height * ratio));
  const context = contextOf(canvas);
  context.scale(ratio, ratio);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, box.width, height);
  context.textBaseline = 'middle';
  context.fillStyle = theme.text;
  context.font = `600 13px ${theme.font}`;
  context.fillText(title, padding, titleHeight / 2);
  context.font = legendFont(theme);
  for (const { entry, left, bottom } of places) {
    const middle = titleHeight + bottom - legendLine / 2;
    context.fillStyle = entry.colour;
    context.fillRect(left, middle - 2, 12, 4);
    context.fillStyle = theme.text;
    context.fillText(entry.key, left + 18, middle);
  }
  context.translate(-box.left, top - box.top);
  await paint(context, element);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

/** A canvas with longer sides cannot be had everywhere. */
const longestSide = 12_000;

/** A standalone SVG as a PNG, twice its size where that is possible. @throws Error where it cannot be painted. */
export async function renderSvg(svg: string, width: number, height: number): Promise<Uint8Array> {
  const ratio = Math.min(leastRatio, longestSide / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.ceil(width * ratio), Math.ceil(height * ratio));
  contextOf(canvas).drawImage(await imageOf(svg), 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

const legendFont = (theme: ChartTheme) => `11px ${theme.font}`;

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas is to be had; close some windows and try again.');
  return context;
}

/** Sets the entries side by side, line after line. `bottom` is the lower end of the entry's line. */
function placeLegend(legend: readonly LegendEntry[], width: number, theme: ChartTheme) {
  const measure = contextOf(new OffscreenCanvas(1, 1));
  measure.font = legendFont(theme);
  let left = padding;
  let bottom = legendLine;
  return legend.map((entry) => {
    const entryWidth = 18 + measure.measureText(entry.key).width + 16;
    if (left > padding && left + entryWidth > width - padding) {
      left = padding;
      bottom += legendLine;
    }
    const place = { entry, left, bottom };
    left += entryWidth;
    return place;
  });
}

async function paint(context: OffscreenCanvasRenderingContext2D, element: Element): Promise<void> {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (style.visibility === 'hidden' || box.width === 0 || box.height === 0) return;
  context.fillStyle = style.backgroundColor;
  context.fillRect(box.left, box.top, box.width, box.height);
  if (element instanceof HTMLCanvasElement) {
    context.drawImage(element, box.left, box.top, box.width, box.height);
  } else if (element instanceof SVGSVGElement) {
    context.drawImage(await toImage(element, style), box.left, box.top, box.width, box.height);
  } else {
    for (const child of element.childNodes) {
      if (child instanceof Text) paintText(context, child, style);
      else if (child instanceof Element) await paint(context, child);
    }
  }
}

function paintText(context: OffscreenCanvasRenderingContext2D, text: Text, style: CSSStyleDeclaration): void {
  const range = document.createRange();
  range.selectNode(text);
  const box = range.getBoundingClientRect();
  context.font = style.font;
  context.fillStyle = style.color;
  context.textBaseline = 'middle';
  context.fillText(text.data, box.left, box.top + box.height / 2);
}

/** What an SVG inherits from the page must be said on it, since as an image it stands alone. */
async function toImage(svg: SVGSVGElement, style: CSSStyleDeclaration): Promise<HTMLImageElement> {
  const copy = document.importNode(svg, true);
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('font-family', style.fontFamily);
  copy.setAttribute('font-size', style.fontSize);
  return imageOf(new XMLSerializer().serializeToString(copy));
}

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}
