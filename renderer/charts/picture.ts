/*
 * A picture on the screen is canvases, SVG and a little text. A browser cannot save such a box by itself, so it is
 * painted again, piece by piece, on one canvas.
 */

/**
 * The element as a PNG, as large as it is on the screen.
 * @throws Error where an SVG cannot be painted.
 */
export async function renderPicture(element: HTMLElement, background: string): Promise<Uint8Array> {
  const box = element.getBoundingClientRect();
  const ratio = window.devicePixelRatio;
  const canvas = new OffscreenCanvas(Math.ceil(box.width * ratio), Math.ceil(box.height * ratio));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The picture could not be drawn: no canvas is to be had.');
  context.scale(ratio, ratio);
  context.fillStyle = background;
  context.fillRect(0, 0, box.width, box.height);
  context.translate(-box.left, -box.top);
  await paint(context, element);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
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
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}
