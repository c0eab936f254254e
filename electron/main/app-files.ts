import { extname, isAbsolute, join, relative } from 'node:path';

/** The scheme and host under which the page is served; together they are its origin. */
export const appScheme = 'app';
const appHost = 'chainrule';
export const appOrigin = `${appScheme}://${appHost}`;
export const pageUrl = `${appOrigin}/index.html`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** The Content-Type of a file, by its extension. */
export function contentTypeOf(file: string): string {
  return contentTypes[extname(file)] ?? 'application/octet-stream';
}

/**
 * What the page may load: its own files, and pictures that it made itself. Nothing inline, nothing from elsewhere.
 * Styles set from scripts (as the charts do) go through the CSSOM, which needs no 'unsafe-inline'.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The file that a request's URL names, or null where it names none of ours: another host, or a path that leaves `root`,
 * however it is spelt.
 */
export function fileOfUrl(root: string, url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== `${appScheme}:` || host !== appHost) return null;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null; // Not UTF-8 behind the percent signs: no file of ours has such a name.
  }
  if (/[\0\\]/.test(path)) return null;
  const file = join(root, path);
  const inside = relative(root, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : file;
}
